#include "config.h"

#include "base/error.h"
#include "base/secret-file.h"
#include "base/text.h"
#include "cli/common/output.h"
#include "cli/gca-letter/commands.h"
#include "flow/paperwork.h"

#include <glib/gi18n.h>

typedef struct {
    char *agency, *oid, *date, *output, *code_file;
    int code_fd;
    gboolean bilingual, preview, generate;
} Options;

static void
options_clear(Options *options)
{
    g_free(options->agency);
    g_free(options->oid);
    g_free(options->date);
    g_free(options->output);
    g_free(options->code_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

typedef GStrv (*WriteFunc)(const GcaPaperwork *paperwork, const char *output, GError **error);

static gboolean
parse(GcaInvocation *invocation, Options *options, const GOptionEntry *own, guint n_arguments,
      GError **error)
{
    const GOptionEntry entries[] = {
        {"agency", 0, 0, G_OPTION_ARG_FILENAME, &options->agency,
         N_("The agency's full name, in place of the register's"), N_("NAME")},
        {"oid", 0, 0, G_OPTION_ARG_FILENAME, &options->oid,
         N_("The agency's OID, where the request folder names none"), N_("OID")},
        {"date", 0, 0, G_OPTION_ARG_FILENAME, &options->date, N_("The day on the papers (today)"),
         N_("YYYY-MM-DD")},
        {"bilingual", 0, 0, G_OPTION_ARG_NONE, &options->bilingual,
         N_("English words beside the field names"), NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         N_("Where to write (never over an existing file)"), N_("FILE")},
        {"preview", 0, 0, G_OPTION_ARG_NONE, &options->preview, N_("Open it when it is made"),
         NULL},
        G_OPTION_ENTRY_NULL};

    gca_invocation_add_options(invocation, entries);
    return gca_invocation_parse(invocation, own, GCA_OPTIONS_CONTACT, n_arguments, error);
}

/* The papers are the answer; that no viewer can be started is no failure. */
static void
preview(GcaInvocation *invocation, const char *path)
{
    const char *const argv[] = {"xdg-open", path, NULL};
    g_autoptr(GError) trouble = NULL;

    if (!g_spawn_async(NULL, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, &trouble))
        gca_interaction_notice(gca_invocation_get_interaction(invocation), GCA_NOTICE_WARNING,
                               _("The PDF cannot be opened here: %s."), trouble->message);
}

static void
answer(GcaInvocation *invocation, GStrv paths)
{
    json_t *list = json_array();

    for (guint i = 0; paths[i] != NULL; i++) {
        g_autofree char *shown = gca_text_escape(paths[i]);
        if (gca_invocation_is_json(invocation))
            json_array_append_new(list, gca_output_json_string(paths[i]));
        else
            gca_output_print("%s\n", shown);
    }
    if (gca_invocation_is_json(invocation))
        gca_invocation_answer(invocation, json_pack("{sO}", "files", list));
    json_decref(list);
}

static gboolean
finish(GcaInvocation *invocation, const Options *options, GStrv paths)
{
    if (paths == NULL)
        return FALSE;
    answer(invocation, paths);
    if (options->preview)
        preview(invocation, paths[0]);
    return TRUE;
}

/* Where on the command line that is given; NULL: it cannot be. */
static char *
tell_where(const GcaPaperFault *fault)
{
    switch (fault->item) {
    case GCA_PAPER_CONTACT: {
        const char *nick = gca_contact_field_to_nick(fault->field);
        return g_strdup_printf(_("Give it with --contact-%s, or as “%s” in the [contact] group of "
                                 "contact.ini."),
                               nick, nick);
    }
    case GCA_PAPER_AGENCY:
        return g_strdup(_("Give it with --agency."));
    case GCA_PAPER_OID:
        return g_strdup(_("Give it with --oid, or make the request again with gca-csr --oid."));
    case GCA_PAPER_DOMAIN:
        return g_strdup(_("Make the request again with gca-csr --cn."));
    case GCA_PAPER_REQUEST:
        return g_strdup(_("Make the request again with gca-csr."));
    case GCA_PAPER_ADDRESSEE:
    default:
        return NULL;
    }
}

/* All that is missing at once, a line each. */
static gboolean
check_complete(const GcaPaperwork *paperwork, GError **error)
{
    g_autoptr(GPtrArray) faults = gca_paper_list_faults(gca_paperwork_get_wish(paperwork));
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    if (faults->len == 0)
        return TRUE;
    for (guint i = 0; i < faults->len; i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        g_autofree char *where = tell_where(faults->pdata[i]);
        gca_text_add_sentence(line, ((const GcaPaperFault *) faults->pdata[i])->sentence);
        gca_text_add_sentence(line, where);
        g_ptr_array_add(lines, g_strdup(line->str));
    }
    g_ptr_array_add(lines, NULL);
    g_autofree char *all = g_strjoinv("\n", (char **) lines->pdata);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", all);
    gca_error_set_hint(error, _("What stays the same is best kept in contact.ini, in "
                                "~/.config/gca-toolkit/."));
    return FALSE;
}

static GcaPaperwork *
gather(GcaInvocation *invocation, const Options *options, GError **error)
{
    GcaContact *contact = gca_invocation_load_contact(invocation, error);
    if (contact == NULL)
        return NULL;
    GcaPaperworkWish wish = {
        .folders = gca_invocation_get_arguments(invocation),
        .contact = contact,
        .agency = options->agency,
        .oid = options->oid,
        .date = options->date,
        .is_bilingual = options->bilingual,
    };
    g_autoptr(GcaPaperwork) paperwork = gca_paperwork_new(&wish, error);
    return paperwork && check_complete(paperwork, error) ? g_steal_pointer(&paperwork) : NULL;
}

static gboolean
make(GcaInvocation *invocation, WriteFunc write, GError **error)
{
    g_auto(Options) options = {0};

    if (!parse(invocation, &options, NULL, GCA_ARGUMENTS_SOME, error))
        return FALSE;
    g_autoptr(GcaPaperwork) paperwork = gather(invocation, &options, error);
    if (paperwork == NULL)
        return FALSE;
    g_auto(GStrv) paths = write(paperwork, options.output, error);
    return finish(invocation, &options, paths);
}

gboolean
gca_letter_command_form(GcaInvocation *invocation, GError **error)
{
    return make(invocation, gca_paperwork_write_forms, error);
}

gboolean
gca_letter_command_letter(GcaInvocation *invocation, GError **error)
{
    return make(invocation, gca_paperwork_write_letter, error);
}

/* ---- the user code ---- */

static GcaSecret *
ask_code(GcaInvocation *invocation, const char *title, GError **error)
{
    const GcaSecretPrompt prompt = {
        .title = title,
        .min_length = GCA_USER_CODE_MIN,
        .max_length = GCA_USER_CODE_MAX,
        .tries_left = GCA_TRIES_UNKNOWN,
        .instead = _("Give the code with --code-file or --code-fd, or let one be made with "
                     "--generate."),
    };
    return gca_interaction_ask_secret(gca_invocation_get_interaction(invocation), &prompt,
                                      gca_invocation_get_cancel(invocation), error);
}

/* Twice, for what is mistyped on the sheet is lost. */
static GcaSecret *
ask_code_twice(GcaInvocation *invocation, GError **error)
{
    g_autoptr(GcaSecret) code = ask_code(invocation, _("User code (6 to 10 characters)"), error);
    g_autoptr(GcaSecret) again =
        code ? ask_code(invocation, _("The user code once more"), error) : NULL;

    if (again == NULL)
        return NULL;
    if (gca_secret_equal(code, again))
        return g_steal_pointer(&code);
    gca_error_set(error, GCA_ERROR_USAGE, "%s", _("The two codes are not the same."));
    gca_error_set_hint(error, _("Run the command again."));
    return NULL;
}

static GcaSecret *
get_code(GcaInvocation *invocation, const Options *options, GError **error)
{
    GcaInteraction *interaction = gca_invocation_get_interaction(invocation);
    GcaCancel *cancel = gca_invocation_get_cancel(invocation);

    if (options->generate)
        return gca_user_code_generate();
    if (options->code_file != NULL)
        return gca_secret_read_file(options->code_file, interaction, cancel, error);
    if (options->code_fd >= 0)
        return gca_secret_read_fd(options->code_fd, "--code-fd", cancel, error);
    return ask_code_twice(invocation, error);
}

gboolean
gca_letter_command_code_sheet(GcaInvocation *invocation, GError **error)
{
    g_auto(Options) options = {.code_fd = -1};
    const GOptionEntry entries[] = {{"generate", 'g', 0, G_OPTION_ARG_NONE, &options.generate,
                                     N_("Make a code by chance"), NULL},
                                    {"code-file", 0, 0, G_OPTION_ARG_FILENAME, &options.code_file,
                                     N_("Read the code from the first line of a file"), N_("FILE")},
                                    {"code-fd", 0, 0, G_OPTION_ARG_INT, &options.code_fd,
                                     N_("Read the code from an open file descriptor"), N_("N")},
                                    G_OPTION_ENTRY_NULL};

    if (!parse(invocation, &options, entries, 1, error))
        return FALSE;
    if (options.generate && (options.code_file != NULL || options.code_fd >= 0)) {
        gca_error_set(error, GCA_ERROR_USAGE, "%s",
                      _("--generate makes a code; it does not go with --code-file or --code-fd."));
        return FALSE;
    }
    g_autoptr(GcaPaperwork) paperwork = gather(invocation, &options, error);
    if (paperwork == NULL || !gca_paperwork_check_code_sheet(paperwork, options.output, error))
        return FALSE;
    g_autoptr(GcaSecret) code = get_code(invocation, &options, error);
    if (code == NULL || !gca_user_code_check(code, error))
        return FALSE;
    g_auto(GStrv) paths = gca_paperwork_write_code_sheet(paperwork, code, options.output, error);
    return finish(invocation, &options, paths);
}
