using System.Buffers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// The messages that one receive brought, sliced from one slab. A connection has a small ring of them and fills the next one
/// only while fewer than the ring holds are on their way, to the peer actor or, with blocks, through the storage: a peer cannot
/// send faster than these work. Holds no memory to speak of after <see cref="Release"/>.
/// </summary>
public sealed class InboundBatch
{
    // As many as a receive of the usual length brings of blocks.
    private const int UsualCount = 16;

    private readonly ReceiveCredit _credit;
    private PeerMessage[] _messages = [];
    private Slab? _slab;
    private bool _isCreditTaken;

    internal InboundBatch(int session, ReceiveCredit credit)
    {
        _credit = credit;
        Message = new PeerConnectionProtocol.Received(session, this);
    }

    /// <summary>The message that brings it to the peer actor, the same each time.</summary>
    internal PeerConnectionProtocol.Received Message { get; }

    /// <summary>Messages in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes on the wire that the batch stands for.</summary>
    public int WireBytes { get; private set; }

    /// <summary>The messages, in order. They and their payloads are valid until <see cref="Release"/>.</summary>
    public ReadOnlySpan<PeerMessage> Messages => _messages.AsSpan(0, Count);

    /// <summary>The memory that the payloads slice.</summary>
    public Slab Slab => _slab ?? throw new ObjectDisposedException(nameof(InboundBatch));

    /// <summary>What the messages were held against.</summary>
    internal PeerMessageLimits? Limits { get; private set; }

    internal void Begin(Slab slab, PeerMessageLimits? limits = null)
    {
        Limits = limits;
        slab.AddReference();
        _slab = slab;
        _isCreditTaken = false;
        Count = 0;
        WireBytes = 0;
    }

    internal void Add(in PeerMessage message, int wireBytes)
    {
        if (Count == _messages.Length)
        {
            var larger = ArrayPool<PeerMessage>.Shared.Rent(Math.Max(UsualCount, Count * 2));
            Messages.CopyTo(larger);
            ReturnMessages();
            _messages = larger;
        }
        _messages[Count++] = message;
        WireBytes += wireBytes;
    }

    /// <summary>Takes back a batch that was begun and stayed empty, so that it is the next one to be filled.</summary>
    internal void ReleaseUnused(ref int next, int ringLength)
    {
        next = (next + ringLength - 1) % ringLength;
        Release();
    }

    /// <summary>
    /// Takes over what lets the connection receive more: <see cref="Release"/> then lets go of the memory alone, and whoever took it
    /// gives it back when the data has been dealt with.
    /// </summary>
    public ReceiveCredit TakeCredit()
    {
        _isCreditTaken = true;
        return _credit;
    }

    /// <summary>Lets go of the memory and gives the connection leave to receive more. Later calls do nothing.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _slab, null) is not { } slab)
            return;
        ReturnMessages();
        _messages = [];
        slab.Release();
        if (!_isCreditTaken)
            _credit.GiveBack();
    }

    private void ReturnMessages()
    {
        if (_messages.Length == 0)
            return;
        // The array must not keep the payloads' memory alive.
        Array.Clear(_messages, 0, Count);
        ArrayPool<PeerMessage>.Shared.Return(_messages);
    }
}
