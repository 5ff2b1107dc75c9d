#pragma once

namespace pellucid {

/// Latent attention of DeepSeek's widths and of odd ones against scalar code in double.
bool check_latent(bool small);

}  // namespace pellucid
