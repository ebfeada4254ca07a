using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorTorrent.Service.Hosting;

/// <summary>
/// Tells systemd how the service stands, over the socket that it names (sd_notify(3)): ready once the session is, alive as long as the
/// session answers, stopping at the end. Without such a socket it does nothing.
/// </summary>
internal sealed partial class SystemdNotifier(IActorTorrent session, ILogger<SystemdNotifier> log) : BackgroundService
{
    private readonly string? _socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Notify("STOPPING=1");
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_socket is not { Length: > 0 })
            return;
        await session.WhenReadyAsync(stoppingToken).ConfigureAwait(false);
        Notify("READY=1\nSTATUS=Serving");
        if (WatchdogInterval() is not { } interval)
            return;
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            // A session that does not answer is what the watchdog is for.
            await session.StatisticsAsync().ConfigureAwait(false);
            Notify("WATCHDOG=1");
        }
    }

    private static TimeSpan? WatchdogInterval() =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            && (Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(microseconds / 3.0)
            : null;

    private void Notify(string state)
    {
        if (_socket is not { Length: > 0 } path)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            // An abstract socket's name is written with an at sign.
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException e)
        {
            LogFailure(path, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd's socket {Socket} does not take word: {Reason}")]
    private partial void LogFailure(string socket, string reason);
}
