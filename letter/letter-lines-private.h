/* The official letter (函) line by line, the same for page and text. For this folder only. */
#pragma once

#include "letter/paper.h"

G_BEGIN_DECLS

typedef enum {
    GCA_LETTER_FILING, /* 檔號, 保存年限: in the corner */
    GCA_LETTER_TITLE,
    GCA_LETTER_SENDER, /* address and telephone, in the right half */
    GCA_LETTER_FIELD,
    GCA_LETTER_SUBJECT, /* 主旨, 說明 */
    GCA_LETTER_ITEM,    /* 一、 */
    GCA_LETTER_SUBITEM, /* （一） */
    GCA_LETTER_COPIES,  /* 正本, 副本 */
} GcaLetterPart;

typedef struct {
    GcaLetterPart part;
    const char *label; /* "主旨：", "一、"; "" in the title */
    const char *english;
    char *text; /* hangs beside the label; may be "" */
} GcaLetterLine;

/* GcaLetterLine * */
GPtrArray *gca_letter_lines_new(const GcaPaperWish *wish);

G_END_DECLS
