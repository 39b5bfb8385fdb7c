/* What every request that is verified in one run must meet; read once. */
#pragma once

#include "acme/account.h"
#include "cli/common/invocation.h"
#include "prereg/report.h"

G_BEGIN_DECLS

typedef struct {
    GStrv ca, crl, domains;
    char *account;
} GcaDemandOptions;

typedef struct {
    GcaReportWish wish;
    GcaAccount *account; /* or NULL */
    GStrv domains;
} GcaDemand;

/* Anchors, CRLs, account, domains and profiles. */
GcaDemand *gca_demand_load(GcaInvocation *invocation, const GcaDemandOptions *options,
                           GError **error);
void gca_demand_free(GcaDemand *demand);
void gca_demand_options_clear(GcaDemandOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GcaDemand, gca_demand_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GcaDemandOptions, gca_demand_options_clear)

G_END_DECLS
