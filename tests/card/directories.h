#pragma once

#include "tests/card/options.h"

/* The PKCS#15 files of the card, as DER and without padding. */
GByteArray *directories_get_token_info(const Options *options);
GByteArray *directories_get_cdf(GPtrArray *slices, const Options *options);
GByteArray *directories_get_keys(GPtrArray *slices, const Options *options);
