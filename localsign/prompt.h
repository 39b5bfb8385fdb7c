/* Questions to the person at the screen, answered by gca-localsign-prompt over a socket, or at a
 * terminal. Asynchronous: the service goes on meanwhile. docs/localsign.md has the protocol. */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

typedef enum {
    GCA_PROMPT_TRUST, /* may this site use the card at all? */
    GCA_PROMPT_SIGN,  /* sign this text for this site? with a PIN field where `asks_pin` */
} GcaPromptKind;

typedef struct {
    GcaPromptKind kind;
    const char *site;   /* origin, safe to show */
    const char *reader; /* the rest: of SIGN */
    const char *holder;
    const char *text;   /* what will be signed, safe to show; NULL: no text */
    gsize size;         /* of it, bytes */
    const char *sha256; /* of it, hexadecimal */
    gboolean asks_pin;
    int tries_left;
    const char *advice; /* on the tries, translated; or NULL */
} GcaPromptQuestion;

typedef struct _GcaPrompt GcaPrompt;

/* `pin` is NULL where none was asked. FALSE with CANCELLED for a no; USAGE where nobody can be
 * asked. Called once. */
typedef void (*GcaPromptDone)(gboolean is_yes, GcaSecret *pin, const GError *error, gpointer data);

/* With `use_terminal` asks there. What is too large to be shown whole is not asked: BAD_DATA. */
GcaPrompt *gca_prompt_ask(const GcaPromptQuestion *question, gboolean use_terminal,
                          GcaPromptDone done, gpointer data);

/* TRUE if a dialog's program waits at the socket or can be started; its path is put into `where`.
 */
gboolean gca_prompt_find(char **where);

/* Takes the dialog away; `done` is not called any more. */
void gca_prompt_withdraw(GcaPrompt *prompt);

/* The protocol, one JSON object a line each way, then the end; docs/localsign.md has it, and the
 * program that shows the dialog knows it from there alone:
 *   {"question": "trust"|"sign", "site": text, "reader": text, "holder": text, "text": text|null,
 *    "size": integer, "sha256": text, "asks_pin": bool, "tries_left": integer (-1: not known),
 *    "advice": text|null}
 *   {"answer": "yes"|"no", "pin": text, where one was asked}
 * The end without an answer is a no; the asker ends the connection to take the question back. */
#define GCA_PROMPT_LINE_LIMIT (2 * 1024 * 1024)          /* of a question, bytes */
#define GCA_PROMPT_SOCKET "gca-toolkit/localsign-prompt" /* in $XDG_RUNTIME_DIR */

G_END_DECLS
