/* One parser fed with any bytes. The entry point is libFuzzer's, so that it finds new inputs;
 * main.c runs the ones that are kept. */
#pragma once

#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
