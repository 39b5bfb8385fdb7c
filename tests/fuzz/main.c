/* Runs a harness over the files of folders: main FOLDER… Each file goes in whole and cut off at
 * every length, up to a limit: parsers that read past their end are found so. */
#include "tests/fuzz/fuzz.h"

#include <locale.h>
#include <stdlib.h>

#define MAX_CUTS 600

/* A copy of exactly that size, so that a sanitizer sees the first byte too many. */
static void
run(const char *data, gsize size)
{
    g_autofree guint8 *copy = g_memdup2(data, size);
    LLVMFuzzerTestOneInput(copy, size);
}

static void
run_file(const char *path)
{
    g_autofree char *data = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;

    if (!g_file_get_contents(path, &data, &size, &error))
        g_error("%s", error->message);
    gsize step = MAX(size / MAX_CUTS, 1);
    for (gsize cut = 0; cut < size; cut += step)
        run(data, cut);
    run(data, size);
}

static guint
run_folder(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = g_dir_open(path, 0, &error);
    const char *name;
    guint count = 0;

    if (folder == NULL)
        g_error("%s", error->message);
    while ((name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        run_file(file);
        count++;
    }
    return count;
}

int
main(int argc, char **argv)
{
    guint count = 0;

    setlocale(LC_ALL, "");
    for (int i = 1; i < argc; i++)
        count += run_folder(argv[i]);
    g_print("%u files\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
