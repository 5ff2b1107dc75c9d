#include "app/exchange/exchange_controller.h"

namespace pellucid::app {

ExchangeController::ExchangeController(ChatStore& store, ConversationListModel& conversations,
                                       ToastQueue& toasts, QObject* parent)
    : QObject(parent), store_(store), conversations_(conversations), toasts_(toasts) {}

}  // namespace pellucid::app

#include "moc_exchange_controller.cpp"
