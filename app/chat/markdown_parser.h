// BlockParser over content's IncrementalMarkdown: what the app runs with.
#pragma once

#include <memory>

#include "app/chat/block.h"

namespace pellucid::app {

std::unique_ptr<BlockParser> makeMarkdownParser();

}  // namespace pellucid::app
