// Where models that are not here yet come from: the catalogue and the hubs, behind one door for the views.
#pragma once

#include <QObject>
#include <functional>

#include "app/models/offered_model.h"

namespace pellucid::app {

/// Every call returns at once; `then` runs in the GUI thread, once, unless `context` is gone by then.
class DiscoverSource {
public:
    struct Answer {
        std::vector<OfferedModel> models;
        bool more = false;  ///< ask again with `from` moved on
        Problem problem;    ///< what of it could not be had (the catalogue is there without a network)
    };
    virtual ~DiscoverSource() = default;
    /// `text` empty: the catalogue. `from`: how many the earlier pages of the same text gave.
    virtual void search(const QString& text, int from, QObject* context,
                        std::function<void(Answer)> then) = 0;
    /// Files, licence, fit of a model that a search only named.
    virtual void complete(const OfferedModel& model, QObject* context,
                          std::function<void(OfferedModel, Problem)> then) = 0;
    virtual void plan(const PlanQuery& query, QObject* context,
                      std::function<void(FitPlan, Problem)> then) = 0;
};

}  // namespace pellucid::app
