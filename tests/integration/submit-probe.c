/* What flow/submit does, with pauses as short as tests need them:
 *   submit-probe FIRST-MS MAX-MS PATIENCE ENDPOINT CA FILE…
 * prints one JSON object a file. */
#include "base/error.h"
#include "cli/common/terminal.h"
#include "flow/submit-private.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static void
print(const GcaSubmission *submission)
{
    const char *code =
        submission->error ? gca_error_info(gca_error_get_code(submission->error))->name : NULL;
    json_t *object = json_pack("{s:s, s:s?, s:s?, s:s?, s:s?}", "state",
                               gca_submit_state_to_nick(submission->state), "sha256",
                               submission->sha256, "receipt", submission->receipt, "error", code,
                               "message", submission->error ? submission->error->message : NULL);

    json_dumpf(object, stdout, 0);
    printf("\n");
    json_decref(object);
}

int
main(int argc, char **argv)
{
    if (argc < 7)
        return 2;
    const GcaSubmitPauses pauses = {(guint) atoi(argv[1]), (guint) atoi(argv[2])};
    const GcaSubmitWish wish = {.paths = (const char *const *) argv + 6,
                                .endpoint = argv[4],
                                .tls_ca = argv[5],
                                .patience = (guint) atoi(argv[3])};
    g_autoptr(GcaInteraction) terminal = gca_terminal_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) submissions =
        gca_submit_run_with_pauses(&wish, &pauses, terminal, NULL, &error);

    if (submissions == NULL) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    for (guint i = 0; i < submissions->len; i++)
        print(g_ptr_array_index(submissions, i));
    return 0;
}
