#include "app/main/first_window.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>

namespace pellucid::app {

namespace {

constexpr char kAsk[] = "show ";
constexpr char kAnswer[] = "shown\n";
constexpr int kLongestRequest = 4096;

/// A socket in the data folder, which is the person's own; where that path is too long for one (108 bytes),
/// in the session's folder, under a name that no other data folder has.
QString socketPath(const QString& dataFolder) {
    const QString inside = dataFolder + QStringLiteral("/window.socket");
    if (inside.toLocal8Bit().size() < 100) return inside;
    const QByteArray hash = QCryptographicHash::hash(dataFolder.toUtf8(), QCryptographicHash::Sha1).toHex();
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + QStringLiteral("/pellucid-") +
           QString::fromLatin1(hash.first(16)) + QStringLiteral(".socket");
}

}  // namespace

FirstWindow::FirstWindow(const QString& dataFolder, QObject* parent) : QObject(parent) {
    const QString path = socketPath(dataFolder);
    server_.setSocketOptions(QLocalServer::UserAccessOption);
    // What lies there was left by a program that was killed: its lock is ours now.
    QLocalServer::removeServer(path);
    // A file system without sockets: then a second start says that the folder is in use, as before.
    if (server_.listen(path)) connect(&server_, &QLocalServer::newConnection, this, &FirstWindow::take);
}

void FirstWindow::take() {
    while (QLocalSocket* socket = server_.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto read = [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > kLongestRequest) socket->abort();
                return;
            }
            const QByteArray request = socket->readLine(kLongestRequest).trimmed();
            if (!(request + ' ').startsWith(kAsk)) return socket->abort();
            if (const QByteArray token = request.mid(sizeof kAsk - 1); !token.isEmpty())
                qputenv("XDG_ACTIVATION_TOKEN", token);
            emit asked();
            socket->write(kAnswer);
            socket->flush();
            socket->disconnectFromServer();
        };
        connect(socket, &QLocalSocket::readyRead, this, read);
        if (socket->bytesAvailable() > 0) read();
    }
}

bool FirstWindow::raise(const QString& dataFolder, int milliseconds) {
    QLocalSocket socket;
    socket.connectToServer(socketPath(dataFolder));
    if (!socket.waitForConnected(milliseconds)) return false;
    socket.write(kAsk + qgetenv("XDG_ACTIVATION_TOKEN").replace('\n', ' ') + '\n');
    while (!socket.canReadLine())
        if (!socket.waitForReadyRead(milliseconds)) return false;
    return socket.readLine() == kAnswer;
}

}  // namespace pellucid::app

#include "moc_first_window.cpp"
