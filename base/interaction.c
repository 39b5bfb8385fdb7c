#include "config.h"

#include "base/interaction.h"

G_DEFINE_INTERFACE(GcaInteraction, gca_interaction, G_TYPE_OBJECT)

static void
gca_interaction_default_init(GcaInteractionInterface *iface)
{
}

GcaSecret *
gca_interaction_ask_secret(GcaInteraction *self, const GcaSecretPrompt *prompt, GcaCancel *cancel,
                           GError **error)
{
    if (!gca_cancel_check(cancel, error))
        return NULL;
    return GCA_INTERACTION_GET_IFACE(self)->ask_secret(self, prompt, cancel, error);
}

gboolean
gca_interaction_confirm(GcaInteraction *self, const char *question, GcaCancel *cancel,
                        GError **error)
{
    if (!gca_cancel_check(cancel, error))
        return FALSE;
    return GCA_INTERACTION_GET_IFACE(self)->confirm(self, question, cancel, error);
}

void
gca_interaction_progress(GcaInteraction *self, guint done, guint total, const char *text)
{
    GCA_INTERACTION_GET_IFACE(self)->progress(self, done, total, text);
}

void
gca_interaction_notice(GcaInteraction *self, GcaNotice kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    GCA_INTERACTION_GET_IFACE(self)->notice(self, kind, text);
}
