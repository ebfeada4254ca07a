using System.Net.Sockets;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Has a fast connection woken less often: while bytes come at a rate that brings so many in half the wait, the system tells of them only once
/// so many are there (<c>SO_RCVLOWAT</c>). When fewer have come after the wait, it tells of any again, so nothing is held up for longer. On
/// Linux; elsewhere it does nothing. One loop receives; safe against <see cref="Dispose"/>.
/// </summary>
internal sealed class ReceiveGathering : IDisposable
{
    /// <summary>Bytes after which the rate is looked at.</summary>
    public const int WindowBytes = 4 << 20;

    private readonly Socket _socket;
    private readonly int _bytes;
    private readonly TimeSpan _wait;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long _windowStart;
    private long _window;
    private long _waitingSince;
    private bool _isOn;
    private bool _isOver;

    /// <param name="socket">The connection.</param>
    /// <param name="bytes">How many bytes are gathered.</param>
    /// <param name="wait">How long bytes may wait for others.</param>
    /// <param name="time">The clock.</param>
    public ReceiveGathering(Socket socket, int bytes, TimeSpan wait, TimeProvider time)
    {
        _socket = socket;
        _bytes = bytes;
        _wait = wait;
        _time = time;
        _windowStart = time.GetTimestamp();
        _timer = time.CreateTimer(static gathering => ((ReceiveGathering)gathering!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the loop that receives is to wait from now on.</summary>
    public void Waits() => Volatile.Write(ref _waitingSince, Math.Max(1, _time.GetTimestamp()));

    /// <summary>So many bytes have come.</summary>
    public void Received(int count)
    {
        Volatile.Write(ref _waitingSince, 0);
        _window += count;
        if (_window < WindowBytes)
            return;
        var now = _time.GetTimestamp();
        var isFast = _time.GetElapsedTime(_windowStart, now) * _bytes <= _wait / 2 * _window;
        _window = 0;
        _windowStart = now;
        Switch(isFast);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _isOver = true;
        _timer.Dispose();
    }

    private void OnTimer()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since != 0 && _time.GetElapsedTime(since) >= _wait)
            Switch(isOn: false);
    }

    private void Switch(bool isOn)
    {
        lock (_gate)
        {
            if (_isOver || _isOn == isOn)
                return;
            _isOn = isOn;
            try
            {
                _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater, isOn ? _bytes : 1);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The connection is over, which the loop sees by itself.
                _isOver = true;
                return;
            }
            _timer.Change(isOn ? _wait / 2 : Timeout.InfiniteTimeSpan, isOn ? _wait / 2 : Timeout.InfiniteTimeSpan);
        }
    }
}
