// What the catalogue, the hubs, the downloads and the ledger hold in the scenes: names and sizes of real models, a
// machine with a 12 GiB graphics card.
#pragma once

#include "app/models/scripted_sources.h"

namespace pellucid::ui {

/// The catalogue, and a machine with (or without) a graphics card.
void fillCatalogue(app::ScriptedSources &sources, bool chinese, bool gpu = true);
/// One that runs, one that is checked, one that has lost its connection.
void fillDownloads(app::ScriptedSources &sources, bool chinese);
/// Queued, paused, failed, done.
void fillTroubles(app::ScriptedSources &sources, bool chinese);
/// Models of two other programs.
void fillElsewhere(app::ScriptedSources &sources);
/// Connections of today.
void fillLedger(app::ScriptedSources &sources, bool chinese);

}  // namespace pellucid::ui
