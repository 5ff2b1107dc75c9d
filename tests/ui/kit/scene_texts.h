// What the scripted model says in the scenes: real prose, code, maths and tables in both languages.
#pragma once

#include <QString>

namespace pellucid::ui {

const char *sceneAnswer(bool chinese);
const char *sceneThought(bool chinese);
/// Every kind of block there is: headings, lists, tasks, quotes, code (long, wide), formulas (wide, broken), tables.
const char *sceneBlocks(bool chinese);
QString sceneQuestion(bool chinese);
QString sceneSecondQuestion(bool chinese);

}  // namespace pellucid::ui
