#include "config.h"

#include "gui/name-list.h"

#include "profile/domain.h"

GStrv
gca_name_list_split(const char *text)
{
    return gca_domains_split(text);
}
