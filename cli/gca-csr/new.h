/* What gca-csr was asked to make, as its single and its batch way share it. */
#pragma once

#include "cli/common/invocation.h"
#include "flow/application.h"

G_BEGIN_DECLS

typedef struct {
    char *cn;
    GStrv domains;
    char *oid, *organization, *locality, *subject;
    char *folder, *key, *batch, *summary;
    int bits;
    gboolean from_card, encrypt, dry_run;
} GcaCsrOptions;

/* Makes what the table asks for, `defaults` for all rows. */
gboolean gca_csr_run_batch(GcaInvocation *invocation, const GcaCsrOptions *options,
                           const GcaApplicationWish *defaults, const GcaApplicationKey *key,
                           GcaProfile *profile, const GcaRegister *agencies, GError **error);

G_END_DECLS
