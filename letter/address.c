#include "config.h"

#include "letter/address-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHORTEST_DISTRICT 2 /* 東區 */
#define LONGEST_DISTRICT 4  /* 阿里山鄉 */

/* The 22 counties and special municipalities. 台 is read as 臺. */
static const char *const counties[] = {
    "臺北市", "新北市", "桃園市", "臺中市", "臺南市", "高雄市", "基隆市", "新竹市",
    "嘉義市", "新竹縣", "苗栗縣", "彰化縣", "南投縣", "雲林縣", "嘉義縣", "屏東縣",
    "宜蘭縣", "花蓮縣", "臺東縣", "澎湖縣", "金門縣", "連江縣",
};

static const char *const district_endings[] = {"區", "鄉", "鎮", "市"};

/* Without blanks, and with one form of 臺. */
static char *
normalize(const char *address)
{
    GString *out = g_string_new(NULL);

    for (; *address != '\0'; address = g_utf8_next_char(address)) {
        gunichar c = g_utf8_get_char(address);
        if (!g_unichar_isspace(c))
            g_string_append_unichar(out, c == 0x53F0 /* 台 */ ? 0x81FA /* 臺 */ : c);
    }
    return g_string_free(out, FALSE);
}

static const char *
find_county(const char *address)
{
    for (guint i = 0; i < G_N_ELEMENTS(counties); i++) {
        if (g_str_has_prefix(address, counties[i]))
            return counties[i];
    }
    return NULL;
}

static gboolean
is_district_ending(const char *at)
{
    for (guint i = 0; i < G_N_ELEMENTS(district_endings); i++) {
        if (g_str_has_prefix(at, district_endings[i]))
            return TRUE;
    }
    return FALSE;
}

/* The bytes of the district at the start of `address`, or 0. In 新市區 and 前鎮區 the last ends it,
 * in 中區市府路 the first. */
static gsize
measure_district(const char *address)
{
    const char *at = address;

    for (guint count = 1; count <= LONGEST_DISTRICT && *at != '\0'; count++) {
        const char *next = g_utf8_next_char(at);
        if (count >= SHORTEST_DISTRICT && is_district_ending(at) && !g_str_has_prefix(next, "區"))
            return (gsize) (next - address);
        at = next;
    }
    return 0;
}

const char *
gca_address_find_fault(const char *address)
{
    g_autofree char *plain = normalize(address);
    const char *county = find_county(plain);

    if (g_ascii_isdigit(*plain))
        return _("the postcode stands in a field of its own, not in front of the address");
    if (county == NULL)
        return _("it must begin with one of the 22 counties and cities, such as 臺北市");
    const char *behind_county = plain + strlen(county);
    if (g_str_has_prefix(behind_county, county))
        return _("the county or city stands there twice");
    gsize size = measure_district(behind_county);
    if (size == 0)
        return _("a district must follow the county or city, such as 中正區");
    const char *street = behind_county + size;
    if (strncmp(street, behind_county, size) == 0 || g_str_has_prefix(street, county))
        return _("the county or the district is repeated in the street");
    return *street == '\0' ? _("the street is missing") : NULL;
}
