/* Fills the line @EXIT_STATUS@ of a manual page's template (standard input) from the table of
 * errors, in the language of $LANGUAGE with the catalogues in $GCA_LOCALEDIR. With --list prints
 * the table alone, "STATUS NAME" a line. */
#include "config.h"

#include "base/error.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK "@EXIT_STATUS@\n"
#define MAX_STATUS 255

/* Text for roff: a backslash and a hyphen stand for themselves. */
static void
print_text(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void
print_row(const GcaErrorInfo *info, gboolean is_first)
{
    if (is_first)
        printf(".TP\n.B %d\n", info->exit_status);
    else
        fputs(".br\n", stdout);
    fputs("\\fB", stdout);
    print_text(info->name);
    fputs("\\fR: ", stdout);
    print_text(_(info->summary));
    putchar('\n');
}

static void
print_table(void)
{
    for (int status = 1; status <= MAX_STATUS; status++) {
        gboolean is_first = TRUE;
        for (int code = 0; code < GCA_ERROR_N_CODES; code++) {
            const GcaErrorInfo *info = gca_error_info((GcaErrorCode) code);
            if (info->exit_status != status)
                continue;
            print_row(info, is_first);
            is_first = FALSE;
        }
    }
}

static void
print_list(void)
{
    for (int code = 0; code < GCA_ERROR_N_CODES; code++) {
        const GcaErrorInfo *info = gca_error_info((GcaErrorCode) code);
        printf("%d %s\n", info->exit_status, info->name);
    }
}

int
main(int argc, char **argv)
{
    char line[4096];

    setlocale(LC_ALL, "");
    if (g_getenv("GCA_LOCALEDIR") != NULL)
        bindtextdomain(GETTEXT_PACKAGE, g_getenv("GCA_LOCALEDIR"));
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);

    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        print_list();
        return EXIT_SUCCESS;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, MARK) == 0)
            print_table();
        else
            fputs(line, stdout);
    }
    return EXIT_SUCCESS;
}
