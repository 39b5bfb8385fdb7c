#include "config.h"

#include "gui/file-look.h"

#include "csr/delivery.h"
#include "gui/app.h"

static gboolean
has_own_place(const char *path)
{
    return gca_app_is_request(path) || g_file_test(path, G_FILE_TEST_IS_DIR);
}

static gpointer
look(gpointer paths, GcaInteraction *interaction, GcaCancel *cancel, GError **error)
{
    const char *const *files = paths;

    if (has_own_place(files[0]))
        return paths;
    g_autoptr(GcaDelivery) delivery = gca_delivery_read(files, error);
    return delivery ? paths : NULL;
}

GcaWork
gca_file_look(const char *const *paths)
{
    return (GcaWork){
        .lane = GCA_LANE_OTHER,
        .run = look,
        .data = g_strdupv((char **) paths),
        .free_data = (GDestroyNotify) g_strfreev,
    };
}
