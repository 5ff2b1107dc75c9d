// What the scripted model says in the scenes: real prose, code, maths and tables in both languages.
#pragma once

#include <QString>

namespace pellucid::ui {

const char *sceneAnswer(bool chinese);
const char *sceneThought(bool chinese);
/// One that is still being written when its picture is taken.
const char *sceneLongThought(bool chinese);
/// What the chats of the sidebar hold; each has the word of the search scene in it.
QString sceneOldMessage(bool chinese, int number);
/// Every kind of block there is: headings, lists, tasks, quotes, code (long, wide), formulas (wide, broken), tables.
const char *sceneBlocks(bool chinese);
QString sceneQuestion(bool chinese);
QString sceneSecondQuestion(bool chinese);

}  // namespace pellucid::ui
