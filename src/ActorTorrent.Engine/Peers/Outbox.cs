using System.Buffers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// What waits to be sent: small messages gathered in one pooled buffer and blocks between them, taken together as the
/// segments of one gathered send. Holds no memory while empty.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private readonly List<(int At, ArraySegment<byte> Bytes)> _blocks = [];
    private readonly List<ReadBuffer> _buffers = [];
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public int PayloadBytes { get; private set; }

    /// <summary>Bytes of everything but blocks.</summary>
    public int ControlBytes => _length;

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

    /// <summary>Adds blocks whose bytes lie in a buffer that begins at some offset of their piece; <see cref="Clear"/> disposes it.</summary>
    public void Add(IReadOnlyList<BlockRequest> blocks, int offset, ReadBuffer buffer)
    {
        Reserve(PeerMessageWriter.BlockHeaderLength * blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var block = blocks[i];
            _length += PeerMessageWriter.WriteBlockHeader(_bytes.AsSpan(_length), block);
            _blocks.Add((_length, buffer.Segment.Slice(block.Offset - offset, block.Length)));
            PayloadBytes += block.Length;
        }
        _buffers.Add(buffer);
    }

    /// <summary>Lists the segments in sending order; they stay valid until <see cref="Clear"/>.</summary>
    public void ListSegments(List<ArraySegment<byte>> segments)
    {
        segments.Clear();
        var from = 0;
        foreach (var (at, bytes) in _blocks)
        {
            segments.Add(new ArraySegment<byte>(_bytes, from, at - from));
            segments.Add(bytes);
            from = at;
        }
        if (from < _length)
            segments.Add(new ArraySegment<byte>(_bytes, from, _length - from));
    }

    /// <summary>Forgets everything and returns the memory.</summary>
    public void Clear()
    {
        foreach (var buffer in _buffers)
            buffer.Dispose();
        _buffers.Clear();
        _blocks.Clear();
        _length = 0;
        PayloadBytes = 0;
        PacedMessages = 0;
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Dispose() => Clear();

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
