// A whole model on the device against the CPU, and what a thousand requests leave behind.
#pragma once

#include <string>

#include "engine/backend/backend.h"

namespace pellucid {

/// `prompts` prompts of 512 random tokens, one prefill each, logits of every position: the same best token
/// wherever the CPU's margin is above four times the RMS of the differences, which stays within 0.03 of the
/// logits' standard deviation. Prints the figures. fine: the CPU takes activations of 16 bits instead of 8.
/// threads: of the CPU, 0: all.
bool check_forced(const std::string& path, Backend& gpu, int prompts, bool fine, int threads);

/// 16 random tokens through the first 1, 4, 13 … layers alone: how far the device, at once and token by
/// token, and the CPU are from the reference, with activations of 8 and 16 bits. True where the device at
/// once, and both with 16 bits, stay within 0.03.
bool check_depths(const std::string& path, Backend& gpu);

/// Requests of prompts of 1 to 200 random tokens and some tokens each, greedy and drawn: memory on the device
/// and of the process after every length was met both ways and at the end.
bool check_requests(const std::string& path, Backend& gpu, int requests);

}  // namespace pellucid
