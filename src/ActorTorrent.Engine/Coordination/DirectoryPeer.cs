using System.Net;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Coordination;

/// <summary>An endpoint in a <see cref="PeerDirectory"/> and its history. Others read it, only the directory writes it.</summary>
internal sealed class DirectoryPeer
{
    private int _sources;

    internal DirectoryPeer(IPEndPoint endPoint, PeerSource source, long lot)
    {
        EndPoint = endPoint;
        _sources = 1 << (int)source;
        Source = source;
        IsDialable = source != PeerSource.Incoming;
        Lot = lot;
    }

    /// <summary>Where it listens; of an incoming peer whose listen port is unknown, where it connected from.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>The best source that named it.</summary>
    public PeerSource Source { get; private set; }

    /// <summary>All sources that named it, the best first.</summary>
    public IEnumerable<PeerSource> Sources => Enum.GetValues<PeerSource>().Where(source => (_sources & (1 << (int)source)) != 0);

    /// <summary>Whether it can be dialled: not so with the source port of an incoming connection.</summary>
    public bool IsDialable { get; internal set; }

    /// <summary>How often it was handed out to be dialled.</summary>
    public int Attempts { get; internal set; }

    /// <summary>Failures since it last worked.</summary>
    public int Failures { get; internal set; }

    /// <summary>When it may be dialled again; null means never, unless somebody names it anew after it was given up.</summary>
    public TimeSpan? NextDialAt { get; internal set; } = TimeSpan.Zero;

    /// <summary>When it was given up because of a failure; null while it was not.</summary>
    public TimeSpan? GivenUpAt { get; internal set; }

    /// <summary>What the last failure was, in the words of who recorded it.</summary>
    public string? LastFault { get; internal set; }

    /// <summary>−2 a failed piece, +1 a good one, within bounds.</summary>
    public int Trust { get; internal set; }

    /// <summary>Its id, once a handshake told.</summary>
    public PeerId? Id { get; internal set; }

    /// <summary>Its number while it is connected.</summary>
    public int? Number { get; internal set; }

    /// <summary>Whether it was handed out to be dialled and the outcome is not known yet.</summary>
    public bool IsDialling { get; internal set; }

    /// <summary>Whether it is connected.</summary>
    public bool IsConnected => Number is not null;

    /// <summary>Where an incoming peer connected from, when it differs from <see cref="EndPoint"/>.</summary>
    internal IPEndPoint? ConnectedFrom { get; set; }

    /// <summary>Breaks ties: chance, or the canonical priority once our own address is known.</summary>
    internal long Lot { get; set; }

    /// <summary>One more source names it.</summary>
    internal void NamedBy(PeerSource source)
    {
        _sources |= 1 << (int)source;
        if (source < Source)
            Source = source;
    }

    /// <summary>Takes over what named another entry of the same peer.</summary>
    internal void Merge(DirectoryPeer other)
    {
        foreach (var source in other.Sources)
            NamedBy(source);
    }

    /// <inheritdoc/>
    public override string ToString() => EndPoint.ToString();
}
