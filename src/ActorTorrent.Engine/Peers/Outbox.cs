using System.Buffers;
using System.Net.Sockets;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// What waits to be sent, and its way through the socket: small messages gathered in one pooled buffer, and blocks between them that lie
/// behind their heads in the buffer that they were read into. So most sends have one segment or two; for more than eight the framework
/// would allocate. Made to be used again, by any connection, after <see cref="Clear"/>.
/// </summary>
internal sealed class Outbox : IDisposable
{
    // How far the send under way is; a send that ends at once changes nothing here.
    private const int UnderWay = 0;
    private const int Completed = 1;
    private const int Abandoned = 2;

    private readonly List<(int At, ArraySegment<byte> Bytes)> _blocks = [];
    private readonly List<ReadBuffer> _buffers = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private SocketAsyncEventArgs? _sending;
    private int _state;
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0 && _blocks.Count == 0;

    public int PayloadBytes { get; private set; }

    /// <summary>Bytes of everything but blocks and their heads.</summary>
    public int ControlBytes => _length;

    /// <summary>How the last send ended.</summary>
    public SocketError Error => _sending?.SocketError ?? SocketError.Success;

    public void Add(in PeerMessage message)
    {
        Reserve(PeerMessageWriter.GetLength(message));
        _length += PeerMessageWriter.Write(_bytes.AsSpan(_length), message);
    }

    /// <summary>Messages whose leaving is counted.</summary>
    public int PacedMessages { get; private set; }

    public void AddPaced(in PeerMessage message)
    {
        Add(message);
        PacedMessages++;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Adds a run's blocks, and writes their heads to the room before each; <see cref="Clear"/> disposes the buffer.</summary>
    /// <param name="run">Blocks, and how they lie in the buffer.</param>
    /// <param name="buffer">The bytes of the run's parts, each behind room for a head.</param>
    public void Add(UploadRun run, ReadBuffer buffer)
    {
        var bytes = buffer.Segment;
        int from = 0, to = 0, next = 0;
        foreach (var part in run.Parts)
        {
            var start = to;
            to += PeerMessageWriter.BlockHeaderLength + part.Length;
            if (next < run.Blocks.Count && run.Blocks[next] == part)
            {
                PeerMessageWriter.WriteBlockHeader(bytes.AsSpan(start), part);
                PayloadBytes += part.Length;
                next++;
                continue;
            }
            // Taken back: what is sent is in two pieces.
            if (start > from)
                _blocks.Add((_length, bytes[from..start]));
            from = to;
        }
        if (to > from)
            _blocks.Add((_length, bytes[from..to]));
        _buffers.Add(buffer);
    }

    /// <summary>Lists the segments in sending order; they stay valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<ArraySegment<byte>> ListSegments()
    {
        _segments.Clear();
        var from = 0;
        foreach (var (at, bytes) in _blocks)
        {
            if (at > from)
                _segments.Add(new ArraySegment<byte>(_bytes, from, at - from));
            _segments.Add(bytes);
            from = at;
        }
        if (from < _length)
            _segments.Add(new ArraySegment<byte>(_bytes, from, _length - from));
        return _segments;
    }

    /// <summary>Sends everything at once. How it went is in <see cref="Error"/> afterwards.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="connection">Who is told <see cref="PeerConnectionProtocol.SendCompleted"/> when it takes longer.</param>
    /// <returns>Whether it is done.</returns>
    public bool Send(Socket socket, IActorRef connection)
    {
        ListSegments();
        if (_sending is null)
        {
            _sending = new SocketAsyncEventArgs(true);
            _sending.Completed += (_, _) => OnCompleted();
        }
        _state = UnderWay;
        _sending.UserToken = connection;
        if (_segments.Count == 1)
            _sending.SetBuffer(_segments[0].AsMemory());
        else
            _sending.BufferList = _segments;
        return !socket.SendAsync(_sending);
    }

    /// <summary>The connection is over, and its socket closed: the memory is returned as soon as the send under way has ended.</summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _state, Abandoned) == Completed)
            Dispose();
    }

    private void OnCompleted()
    {
        var connection = (IActorRef)_sending!.UserToken!;
        if (Interlocked.Exchange(ref _state, Completed) == Abandoned)
            Dispose();
        else
            connection.Tell(PeerConnectionProtocol.SendCompleted.Instance, ActorRefs.NoSender);
    }

    /// <summary>Forgets everything and returns the memory. Not while a send is under way.</summary>
    public void Clear()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
        _blocks.Clear();
        _segments.Clear();
        _length = 0;
        PayloadBytes = 0;
        PacedMessages = 0;
        if (_sending is not null)
        {
            _sending.UserToken = null;
            if (_sending.BufferList is not null)
                _sending.BufferList = null;
            else
                _sending.SetBuffer(default);
        }
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Dispose()
    {
        Clear();
        _sending?.Dispose();
    }

    private void Reserve(int more)
    {
        if (_length + more <= _bytes.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(256, (_length + more) * 2));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
