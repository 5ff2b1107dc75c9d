#pragma once

namespace pellucid {

/// Choosing experts, and routed networks of few and of many rows, against scalar code in double.
bool check_experts(bool small);

}  // namespace pellucid
