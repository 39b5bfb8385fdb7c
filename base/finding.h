/* What an examination finds: one finding a check, with its remedy. */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

typedef enum {
    GCA_FINDING_OK,
    GCA_FINDING_WARNING,
    GCA_FINDING_FAILED,
    GCA_FINDING_SKIPPED, /* cannot be known as long as an earlier one fails */
} GcaFindingState;

typedef struct {
    const char *name;  /* stable, for JSON: "pcscd" */
    const char *title; /* translated */
    GcaFindingState state;
    char *text;        /* what was found, translated */
    char *fix;         /* what to do, translated; NULL: nothing */
    GcaErrorCode code; /* of a failure */
} GcaFinding;

/* An empty list of GcaFinding *. */
GPtrArray *gca_findings_new(void);

/* Adds one; `text` is taken, `fix` may be NULL, `code` counts for a failure only. */
void gca_findings_add(GPtrArray *findings, const char *name, const char *title,
                      GcaFindingState state, char *text, const char *fix, GcaErrorCode code);

/* Adds a failure with the words, the remedy and the code of `error`. */
void gca_findings_add_error(GPtrArray *findings, const char *name, const char *title,
                            const GError *error);

/* The first failure, or NULL: those behind it often follow from it. */
const GcaFinding *gca_findings_get_failure(GPtrArray *findings);

/* FALSE with the code, the title and the remedy of that first failure. */
gboolean gca_findings_conclude(GPtrArray *findings, GError **error);

const char *gca_finding_state_to_nick(GcaFindingState state);   /* "warning", for JSON */
const char *gca_finding_state_to_string(GcaFindingState state); /* "note", translated */

G_END_DECLS
