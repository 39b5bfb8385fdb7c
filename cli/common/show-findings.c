#include "config.h"

#include "cli/common/show-findings.h"

#include "cli/common/output.h"

static void
print_finding(const GcaFinding *finding)
{
    g_autofree char *line =
        g_strdup_printf("[%s] %s%s%s", gca_finding_state_to_string(finding->state), finding->text,
                        finding->fix ? "\n→ " : "", finding->fix ? finding->fix : "");
    g_autoptr(GString) out = g_string_new(NULL);
    gca_output_add_field(out, finding->title, line);
    gca_output_print("%s", out->str);
}

static json_t *
finding_to_json(const GcaFinding *finding)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", json_string(finding->name));
    json_object_set_new(object, "state", json_string(gca_finding_state_to_nick(finding->state)));
    json_object_set_new(object, "text", json_string(finding->text));
    json_object_set_new(object, "fix", gca_output_json_string(finding->fix));
    return object;
}

void
gca_show_findings(const GcaInvocation *invocation, GPtrArray *findings)
{
    if (gca_invocation_is_json(invocation))
        return;
    for (guint i = 0; i < findings->len; i++)
        print_finding(g_ptr_array_index(findings, i));
}

json_t *
gca_findings_to_json(GPtrArray *findings)
{
    json_t *list = json_array();

    for (guint i = 0; i < findings->len; i++)
        json_array_append_new(list, finding_to_json(g_ptr_array_index(findings, i)));
    return list;
}
