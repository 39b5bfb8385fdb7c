#include "tests/card/session.h"

#include <locale.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Options) options = NULL;
    g_autoptr(Card) card = NULL;

    setlocale(LC_ALL, "");
    options = options_parse(&argc, &argv, &error);
    if (options == NULL) {
        fprintf(stderr, "gca-vcard: %s\n", error->message);
        return 2;
    }
    card = card_new(options, &error);
    if (card == NULL) {
        fprintf(stderr, "gca-vcard: %s\n", error->message);
        return 1;
    }
    return session_run(card, options);
}
