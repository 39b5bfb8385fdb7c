#include "config.h"

#include "cli/gca-letter/commands.h"

#include <glib/gi18n.h>

static const GcaCommand commands[] = {
    {NULL, N_("COMMAND"), N_("Makes the papers for an application by official letter."), NULL,
     gca_invocation_parse_overview},
    {"form", N_("FOLDER…"), N_("Make the application form for each request folder"),
     N_("Whom to ask stands in contact.ini or in the options --contact-…. The fingerprint on the\n"
        "form is that of the request's key: compare it when the request is uploaded."),
     gca_letter_command_form},
    {"letter", N_("FOLDER…"), N_("Make the draft of one letter for all request folders"),
     N_("Beside the PDF the same is written as text, to be pasted into a document system."),
     gca_letter_command_letter},
    {"code-sheet", N_("FOLDER"), N_("Make the sheet with the user code"),
     N_("The code is 6 to 10 letters, digits or symbols; it is asked for, or made with\n"
        "--generate. It stands on the sheet and nowhere else: nobody can find it out later, and\n"
        "the sheet does not go with the letter."),
     gca_letter_command_code_sheet},
    {0}};

int
main(int argc, char **argv)
{
    return gca_tool_main(argc, argv, commands);
}
