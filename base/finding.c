#include "config.h"

#include "base/finding.h"

#include "base/log.h"

#include <glib/gi18n-lib.h>

static void
finding_free(gpointer data)
{
    GcaFinding *finding = data;
    g_free(finding->text);
    g_free(finding->fix);
    g_free(finding);
}

GPtrArray *
gca_findings_new(void)
{
    return g_ptr_array_new_with_free_func(finding_free);
}

void
gca_findings_add(GPtrArray *findings, const char *name, const char *title, GcaFindingState state,
                 char *text, const char *fix, GcaErrorCode code)
{
    GcaFinding *finding = g_new0(GcaFinding, 1);

    finding->name = name;
    finding->title = title;
    finding->state = state;
    finding->text = text;
    finding->fix = g_strdup(fix);
    finding->code = code;
    g_ptr_array_add(findings, finding);
}

void
gca_findings_add_error(GPtrArray *findings, const char *name, const char *title,
                       const GError *error)
{
    gca_findings_add(findings, name, title, GCA_FINDING_FAILED, g_strdup(error->message),
                     gca_error_get_hint(error), gca_error_get_code(error));
    gca_log("finding", "%s: %s", name, gca_error_get_detail(error));
}

const GcaFinding *
gca_findings_get_failure(GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const GcaFinding *finding = g_ptr_array_index(findings, i);
        if (finding->state == GCA_FINDING_FAILED)
            return finding;
    }
    return NULL;
}

const char *
gca_finding_state_to_nick(GcaFindingState state)
{
    static const char *const nicks[] = {"ok", "warning", "failed", "skipped"};
    return nicks[state];
}

const char *
gca_finding_state_to_string(GcaFindingState state)
{
    switch (state) {
    case GCA_FINDING_OK:
        return _("good");
    case GCA_FINDING_WARNING:
        return _("note");
    case GCA_FINDING_FAILED:
        return _("FAULT");
    case GCA_FINDING_SKIPPED:
        return _("—");
    }
    return "";
}

gboolean
gca_findings_conclude(GPtrArray *findings, GError **error)
{
    const GcaFinding *failure = gca_findings_get_failure(findings);

    if (failure == NULL)
        return TRUE;
    gca_error_set(error, failure->code, _("The first thing to mend: %s."), failure->title);
    gca_error_set_hint(error, failure->fix);
    return FALSE;
}
