using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Lab.Data;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>
/// A seeder that speaks the protocol truly but for what its script says. It has an address of 127.0.0.0/8 to itself (where the system has
/// only 127.0.0.1, a port of that) and costs a listening socket; no actor, no thread, no buffer while idle.
/// </summary>
public sealed class StubPeer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly StubPeerCounters _counters = new();
    private readonly ConcurrentDictionary<StubConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _faultStruck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _life;
    private Socket? _socket;
    private FullBacklog? _backlog;
    private Task _accepting = Task.CompletedTask;
    private Task _returning = Task.CompletedTask;
    private Task _dialling = Task.CompletedTask;
    private IPEndPoint? _target;
    private PeerDeparture? _departure;
    private bool _isCutOff;
    private int _lastConnection;
    private long _granted;
    private bool _stalled;

    private StubPeer(PeerScript script, InfoHash infoHash, GeneratedContent? content, FileLayout? layout, IPAddress address, TimeProvider time)
    {
        Script = script;
        InfoHash = infoHash;
        Content = content;
        Layout = content?.Layout ?? layout;
        _time = time;
        _random = new Random(unchecked((script.Seed * 397) ^ BitConverter.ToInt32(address.GetAddressBytes().AsSpan()[^4..])));
        PeerId = script.PeerId ?? StubPeerIds.Create(address, _random);
        _life = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        if (script.BytesPerSecond is { } rate)
            Pacer = new RatePacer(rate, time);
    }

    /// <summary>How it behaves.</summary>
    public PeerScript Script { get; }

    /// <summary>The torrent it serves.</summary>
    public InfoHash InfoHash { get; }

    /// <summary>The id it shows.</summary>
    public PeerId PeerId { get; }

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>What it has seen and done so far.</summary>
    public StubPeerCounts Counts => _counters.Read(_faultStruck.Task.IsCompleted);

    /// <summary>Completes when the script's transfer fault has struck.</summary>
    public Task FaultStruck => _faultStruck.Task;

    internal GeneratedContent? Content { get; }

    /// <summary>Pieces and blocks of the torrent; null when nothing is known of it.</summary>
    internal FileLayout? Layout { get; }

    internal PeerRole Role => Script.Role;

    internal PeerGate Gate { get; } = new();

    internal TimeProvider Time => _time;

    /// <summary>Whether its connections end in order when it goes.</summary>
    internal bool EndsInOrder =>
        _departure is { } departure ? departure == PeerDeparture.Fin : Script.Fault?.Ending == TransferEnding.Close && FaultStruck.IsCompleted;

    internal RatePacer? Pacer { get; }

    internal StubPeerCounters Counters => _counters;

    /// <summary>Starts a peer.</summary>
    /// <param name="script">How it behaves.</param>
    /// <param name="infoHash">The torrent it serves.</param>
    /// <param name="content">What it serves; null for a peer that has nothing.</param>
    /// <param name="address">Its address; null for the next of <see cref="LoopbackAddresses"/>.</param>
    /// <param name="time">The clock of rates and returns; null for the system's.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <param name="layout">Pieces and blocks, for a peer that asks for blocks of a torrent whose content it does not have.</param>
    public static async Task<StubPeer> StartAsync(
        PeerScript script, InfoHash infoHash, GeneratedContent? content = null, IPAddress? address = null, TimeProvider? time = null,
        CancellationToken cancellation = default, FileLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        address ??= LoopbackAddresses.Next();
        var peer = new StubPeer(script, infoHash, content, layout, address, time ?? TimeProvider.System);
        try
        {
            await peer.OpenAsync(address, cancellation);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening and ends every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _returning;
        lock (_lock)
        {
            _socket?.Dispose();
            _backlog?.Dispose();
        }
        Gate.Open();
        await _accepting;
        await _dialling;
        await Task.WhenAll(_connections.Values);
        _life.Dispose();
        _stop.Dispose();
    }

    /// <summary>Dials, if its script says so, until it leaves or is disposed of.</summary>
    /// <param name="target">Whom.</param>
    public void Dial(IPEndPoint target)
    {
        ArgumentNullException.ThrowIfNull(target);
        lock (_lock)
        {
            if (_stop.IsCancellationRequested || !Script.Dials)
                return;
            _target = target;
            _dialling = DialAsync(target, _dialling, _life.Token);
        }
    }

    /// <summary>Leaves: its port is closed and its connections end. One that has left already stays away.</summary>
    /// <param name="how">How its connections end.</param>
    public void Depart(PeerDeparture how)
    {
        CancellationTokenSource life;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested || _departure is not null)
                return;
            // Nobody beyond the cut hears of a good-bye.
            _departure = how = _isCutOff ? PeerDeparture.Silence : how;
            if (how == PeerDeparture.Silence)
            {
                Gate.Close();
                return;
            }
            if (Script.Door == PeerDoor.Open)
            {
                _socket?.Dispose();
                _socket = null;
            }
            life = _life;
        }
        life.Cancel();
    }

    /// <summary>Comes back after <see cref="Depart"/>, to the same address and port.</summary>
    public void Return()
    {
        CancellationTokenSource? old = null;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested || _departure is not { } how)
                return;
            if (how == PeerDeparture.Silence)
            {
                _socket?.Dispose();
                old = _life;
            }
        }
        // What stood before the silence knows nothing of the one that is back.
        old?.Cancel();
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _departure = null;
            if (!_isCutOff)
                Gate.Open();
            _life = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            if (Script.Dials && _target is { } target)
                _dialling = DialAsync(target, _dialling, _life.Token);
            else if (!Script.Dials && Script.Door == PeerDoor.Open)
                Listen(Bind(EndPoint.Address, EndPoint.Port));
        }
    }

    /// <summary>Cuts the network between it and everybody: bytes are held both ways, connections stay as they are, nobody is told.</summary>
    public void CutOff()
    {
        lock (_lock)
        {
            _isCutOff = true;
            Gate.Close();
        }
    }

    /// <summary>Mends the cut: what was held goes on its way.</summary>
    public void Rejoin()
    {
        lock (_lock)
        {
            _isCutOff = false;
            if (_departure != PeerDeparture.Silence)
                Gate.Open();
        }
    }

    /// <summary>A piece by chance of those that are there; null when there are none.</summary>
    internal PieceIndex? ChoosePiece(Bitfield? there)
    {
        if (there is null || there.IsEmpty)
            return null;
        var start = Choose(there.Count);
        for (var i = 0; i < there.Count; i++)
        {
            var piece = new PieceIndex((start + i) % there.Count);
            if (there[piece])
                return piece;
        }
        return null;
    }

    /// <summary>A number by chance below another.</summary>
    internal int Choose(int count)
    {
        lock (_lock)
            return _random.Next(count);
    }

    /// <summary>Where the random choices of its next connection begin.</summary>
    internal int NextSeed() => unchecked((Script.Seed * 31) + Interlocked.Increment(ref _lastConnection));

    /// <summary>
    /// Asks to send bytes of blocks. Returns how many may go: all, none (stalled), or those before the transfer fault, which
    /// <paramref name="strikes"/> then.
    /// </summary>
    internal int Grant(int wanted, out bool strikes)
    {
        lock (_lock)
        {
            strikes = false;
            if (_stalled)
                return 0;
            if (Script.Fault is { } fault && !_faultStruck.Task.IsCompleted && _granted + wanted >= fault.AfterBytes)
            {
                wanted = (int)Math.Max(0, fault.AfterBytes - _granted);
                strikes = true;
                _stalled = fault.Ending == TransferEnding.Stall;
                _faultStruck.TrySetResult();
            }
            _granted += wanted;
            return wanted;
        }
    }

    /// <summary>Does what the transfer fault says once the bytes before it are sent.</summary>
    internal void Strike()
    {
        var fault = Script.Fault!;
        if (fault.Ending == TransferEnding.Stall)
            return;
        CancellationTokenSource life;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            // The port first: whoever dials again when its connection ends must find nobody.
            _socket?.Dispose();
            _socket = null;
            life = _life;
            if (fault.ReturnsAfter is { } delay)
                _returning = ReturnAsync(_accepting, delay);
        }
        life.Cancel();
    }

    internal bool Corrupts(long blockNumber)
    {
        if (Script.Corruption is not { } corruption)
            return false;
        lock (_lock)
            return corruption.Strikes(blockNumber, _random);
    }

    private async Task OpenAsync(IPAddress address, CancellationToken cancellation)
    {
        if (Script.Dials)
        {
            EndPoint = new IPEndPoint(address, 0);
            return;
        }
        var socket = Bind(address, 0);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        switch (Script.Door)
        {
            case PeerDoor.Refuses:
                // Bound and not listening: nobody else gets the port, and the system refuses what comes.
                _socket = socket;
                break;
            case PeerDoor.NeverAccepts:
                _backlog = await FullBacklog.StartAsync(socket, cancellation);
                break;
            default:
                Listen(socket);
                break;
        }
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            try
            {
                socket.Bind(new IPEndPoint(address, port));
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
            {
                // Some systems have nothing of 127.0.0.0/8 but its first address.
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Listen(Socket socket)
    {
        _socket = socket;
        socket.Listen(512);
        _accepting = Task.WhenAll(_accepting, AcceptAsync(socket, _life.Token));
    }

    private async Task AcceptAsync(Socket listener, CancellationToken life)
    {
        while (!life.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(life);
            }
            catch (OperationCanceledException)
            {
                // Its life is over.
                return;
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                // Its port was closed under it.
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                _counters.AddReset();
                continue;
            }
            _counters.AddConnection();
            _ = RunAsync(new StubConnection(this, socket, dialled: false, life));
        }
    }

    private async Task DialAsync(IPEndPoint target, Task before, CancellationToken life)
    {
        await before;
        try
        {
            do
            {
                await Gate.WaitAsync(life);
                var socket = Bind(EndPoint.Address, 0);
                try
                {
                    await socket.ConnectAsync(target, life);
                    _counters.AddConnection();
                    await RunAsync(new StubConnection(this, socket, dialled: true, life));
                }
                catch (SocketException)
                {
                    _counters.AddReset();
                }
                finally
                {
                    socket.Dispose();
                }
                if (Script.ReconnectAfter is { } pause)
                    await Task.Delay(pause, _time, life);
            }
            while (Script.ReconnectAfter is not null);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // It has left.
        }
    }

    private async Task RunAsync(StubConnection connection)
    {
        // Added before it can end, so that its own removal finds it.
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = running.Task;
        try
        {
            await connection.RunAsync();
            running.SetResult();
            _connections.TryRemove(connection, out _);
        }
        catch (Exception exception)
        {
            // A bug of the stub: whoever disposes of it is told.
            running.SetException(exception);
        }
    }

    private async Task ReturnAsync(Task accepting, TimeSpan delay)
    {
        await accepting;
        try
        {
            await Task.Delay(delay, _time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // It ended before it came back.
            return;
        }
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _life = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Listen(Bind(EndPoint.Address, EndPoint.Port));
        }
    }
}
