#pragma once

#include "tests/card/card.h"

/* Puts the card into the reader and serves it until SIGTERM or the reader's
 * end. Prints "waiting" as it begins to look for the reader, "ready" once it is
 * powered on. Returns the exit status: 1 if no reader came within 10 seconds. */
int session_run(Card *card, const Options *options);
