#pragma once

#include "tests/card/files.h"
#include "tests/card/options.h"

/* The files of card.md, filled from the PKI; NULL if that cannot be read. */
File *layout_new(const Options *options, GError **error);
