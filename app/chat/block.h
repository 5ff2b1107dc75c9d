// A piece of a message as the view draws it, and the parser that makes pieces out of a growing text.
#pragma once

#include <QString>
#include <QVariant>
#include <functional>
#include <memory>

#include "app/base/growing_text.h"

namespace pellucid::app {

enum class BlockKind { Paragraph, Heading, ListItem, Code, Math, Table, Quote, Rule };

/// What a view may ask of a block. The names are QML role names: see BlockListModel.
enum BlockRole {
    BlockKindRole = Qt::UserRole + 1,
    TextRole,
    LevelRole,
    MarkerRole,
    TaskRole,
    QuoteLevelRole,
    LanguageRole,
    ClosedRole,
    TerminatedRole,
    ContinuedRole,
    BlankBeforeRole,
    LastBlockRole = BlankBeforeRole,
};

/// The value of a role where it says nothing, with the role's type: QML's required properties refuse
/// `undefined`.
QVariant emptyBlockValue(int role);

/// What append() did: blocks before `first` are as they were, those from `first` to min(oldCount, newCount)
/// may have changed, the rest is new or gone.
struct BlockChange {
    int first = 0;
    int oldCount = 0;
    int newCount = 0;
};

/// Makes blocks out of a text that grows. Closed blocks never change again.
class BlockParser {
public:
    virtual ~BlockParser() = default;
    /// The text has grown to this. PRECONDITION: it begins with what was given before. The parser may keep a
    /// copy, which shares its bytes, and make blocks from those when asked.
    virtual BlockChange grow(const GrowingText& whole) = 0;
    /// The text is complete: closes what is open.
    virtual BlockChange finish() = 0;
    virtual int count() const = 0;
    /// Made when asked, so that a block that is never shown costs nothing.
    virtual QVariant value(int index, BlockRole role) const = 0;
};

using BlockParserFactory = std::function<std::unique_ptr<BlockParser>()>;

/// Paragraphs at empty lines and fenced code; no inline markup. For tests, and where no Markdown parser is
/// given.
std::unique_ptr<BlockParser> makeParagraphParser();

}  // namespace pellucid::app
