using System.Net.Sockets;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Has a fast connection woken less often: while bytes come at a rate that brings so many in half the wait, the system tells of none of them
/// (<c>SO_RCVLOWAT</c>), and the connection receives in <see cref="ReceiveRounds"/>. When nothing has come for the wait, it is told of any
/// again. On Linux; elsewhere it does nothing. For the one loop that receives.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="bytes">How many bytes are gathered.</param>
/// <param name="wait">How long none may come.</param>
/// <param name="rounds">The rounds.</param>
/// <param name="turn">The connection's place in them.</param>
/// <param name="time">The clock.</param>
internal sealed class ReceiveGathering(Socket socket, int bytes, TimeSpan wait, ReceiveRounds rounds, ReceiveTurn turn, TimeProvider time)
{
    /// <summary>Bytes after which the rate is looked at.</summary>
    public const int WindowBytes = 4 << 20;

    /// <summary>More than ever waits: as much as is asked for at once, by the settings we ship. The system makes the socket's buffer twice as large.</summary>
    private const int LowWater = 8 << 20;

    private long _windowStart = time.GetTimestamp();
    private long _window;
    private long? _emptySince;

    /// <summary>Whether the connection is to receive in rounds, and only what is there.</summary>
    public bool IsOn { get; private set; }

    /// <summary>The next round.</summary>
    public ValueTask NextRound() => rounds.Next(turn);

    /// <summary>A round brought nothing: after the last that is waited for, the system tells of bytes again.</summary>
    public void WasEmpty()
    {
        var now = time.GetTimestamp();
        _emptySince ??= now;
        if (time.GetElapsedTime(_emptySince.Value, now) >= wait)
            Switch(isOn: false);
    }

    /// <summary>So many bytes have come.</summary>
    public void Received(int count)
    {
        _emptySince = null;
        _window += count;
        if (IsOn)
            rounds.Brought(count);
        if (_window < WindowBytes)
            return;
        var now = time.GetTimestamp();
        var isFast = time.GetElapsedTime(_windowStart, now) * bytes <= wait / 2 * _window;
        _window = 0;
        _windowStart = now;
        Switch(isFast);
    }

    private void Switch(bool isOn)
    {
        if (IsOn == isOn)
            return;
        _emptySince = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, isOn ? LowWater : 1);
            IsOn = isOn;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is over, which the loop sees by itself.
            IsOn = false;
        }
    }
}
