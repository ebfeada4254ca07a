using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Metadata;

/// <summary>Metadata that is being put together, of a size that was claimed. Takes memory only for what has come.</summary>
internal sealed class MetadataCopy
{
    private readonly byte[]?[] _pieces;
    private readonly int[] _senders;
    private readonly int[] _askers;

    public MetadataCopy(MetadataCopyKey key, TimeSpan begunAt)
    {
        Key = key;
        BegunAt = begunAt;
        var count = MetadataMessage.PieceCount(key.Size);
        _pieces = new byte[count][];
        _senders = new int[count];
        _askers = new int[count];
        Missing = count;
    }

    public MetadataCopyKey Key { get; }

    public TimeSpan BegunAt { get; }

    public int PieceCount => _pieces.Length;

    /// <summary>Pieces that have not come.</summary>
    public int Missing { get; private set; }

    /// <summary>Whether it is whole and on its way to be verified.</summary>
    public bool IsBeingVerified { get; set; }

    public bool Has(int piece) => _pieces[piece] is not null;

    /// <summary>How many peers a piece is asked of.</summary>
    public int Askers(int piece) => _askers[piece];

    public void Asked(int piece) => _askers[piece]++;

    public void NotAsked(int piece) => _askers[piece]--;

    /// <summary>Takes a piece; the first one counts.</summary>
    public void Put(int piece, byte[] data, int sender)
    {
        if (_pieces[piece] is not null)
            return;
        _pieces[piece] = data;
        _senders[piece] = sender;
        Missing--;
    }

    /// <summary>Who sent its pieces, each once.</summary>
    public IReadOnlyCollection<int> Senders() => [.. _senders.Distinct()];

    /// <summary>The whole. Only when nothing is missing; reads nothing that changes after that.</summary>
    public byte[] Join()
    {
        var whole = new byte[Key.Size];
        for (var piece = 0; piece < _pieces.Length; piece++)
            _pieces[piece]!.CopyTo(whole, (long)piece * MetadataMessage.PieceLength);
        return whole;
    }
}
