// What the models of the scenes are and say.
#pragma once

#include "tests/ui/kit/ui_bench.h"

namespace pellucid::ui {

MockScript answers(bool chinese);
MockScript blocks(bool chinese);
/// A thought that is still being written when the picture is taken.
MockScript thinking(bool chinese);
/// No model at all.
MockScript without(bool chinese);
/// The reply breaks off with an error.
MockScript failing(bool chinese);
/// A context that a long question does not fit.
MockScript small(bool chinese);
MockScript slowToRead(bool chinese);
MockScript slowToLoad(bool chinese);
MockScript tooLarge(bool chinese);
/// Seven models: some fit, two do not.
MockScript library(bool chinese);
/// A model without a chat template.
MockScript completion(bool chinese);

}  // namespace pellucid::ui
