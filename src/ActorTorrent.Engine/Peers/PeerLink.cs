using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>What a running connection knows of itself: both sides' choke and interest, what is owed, how fast it is.</summary>
internal sealed class PeerLink
{
    // More than other clients name.
    private const int MaxAllowedFast = 32;

    // How many blocks to want is told in numbers below this, or in multiples of it, so that the same few messages do again and again.
    private const int WantStep = 16;

    private readonly PeerEnvironment _environment;
    private readonly IActorRef _connection;
    private readonly int _session;
    private readonly IActorRef _self;

    // Made when they are first needed: an idle peer has none of them.
    private PeerDownloads? _downloads;
    private PeerProtocol.WantBlocks?[]? _wants;
    private HashSet<PieceIndex>? _allowedFast;
    private int _peerQueue;
    private bool _isWaitingForBlocks;
    private bool _hasMoved;
    private TimeSpan _lastSentAt;
    private TimeSpan _refusedUntil;
    private TimeSpan _refusalPause;
    private double _useless;
    private TimeSpan _forgivenAt;
    private long _downloaded;

    public PeerLink(PeerEnvironment environment, int session, IActorRef connection, IActorRef self, TimeSpan now)
    {
        _environment = environment;
        _session = session;
        _connection = connection;
        _self = self;
        Early = environment.KnowsPieces ? null : new EarlyPieces(environment.MetadataOptions.MaxBytes);
        _lastSentAt = _forgivenAt = HeardAt = now;
        Uploads = new PeerUploads(environment, session, connection, self);
        PieceCount = environment.Layout.PieceCount;
    }

    /// <summary>The peer's handshake, once read.</summary>
    public Handshake? Handshake { get; set; }

    /// <summary>What the peer told by the extension protocol, once it did.</summary>
    public ExtensionHandshake? Extensions { get; private set; }

    /// <summary>When the peer last sent anything.</summary>
    public TimeSpan HeardAt { get; set; }

    /// <summary>True once a bitfield or anything that must come after it was read.</summary>
    public bool IsPastBitfield { get; set; }

    /// <summary>Whether it told of pieces one by one since its last bitfield: a bitfield that sums them up brings no news and does no harm.</summary>
    public bool HasToldSinceBitfield { get; set; }

    /// <summary>The pieces that the peer has told of; null while that is none.</summary>
    public Bitfield? Pieces { get; set; }

    /// <summary>How many pieces the torrent has.</summary>
    public int PieceCount { get; private set; }

    /// <summary>Whether the peer chokes us.</summary>
    public bool IsChokingUs { get; set; } = true;

    /// <summary>Whether the peer wants our data.</summary>
    public bool IsInterested { get; set; }

    /// <summary>What the coordinator was told of that.</summary>
    public bool IsToldAsInterested { get; set; }

    /// <summary>Requests of the peer that pointed outside the torrent.</summary>
    public int RequestsOutside { get; set; }

    /// <summary>Whether blocks that we asked for have not come.</summary>
    public bool OwesBlocks => _downloads is { Outstanding: > 0 };

    /// <summary>Whether we want its data.</summary>
    public bool AreWeInterested { get; private set; }

    /// <summary>Bytes of blocks that nobody asked for.</summary>
    public long Wasted { get; private set; }

    /// <summary>The way from disk to its socket.</summary>
    public PeerUploads Uploads { get; private set; }

    /// <summary>Metadata in both directions; null while none was asked for.</summary>
    public PeerMetadata? Metadata { get; private set; }

    /// <summary>Counts its PEX messages; null before the first.</summary>
    public PexGate? Pex { get; set; }

    /// <summary>What the peer told of its pieces before it was known how many there are; null from then on.</summary>
    public EarlyPieces? Early { get; private set; }

    /// <summary>Whether the peer has told where its DHT node is.</summary>
    public bool HasToldDhtPort { get; set; }

    /// <summary>Whether both sides said in their handshakes that they can.</summary>
    public bool HasNegotiated(PeerCapabilities capability) =>
        ((Handshake?.Capabilities ?? PeerCapabilities.None) & _environment.Capabilities & capability) != 0;

    /// <summary>Tells the peer what we have, as its first message, and what else we can do.</summary>
    public void Begin(PeerProtocol.Begin begin, ExtensionHandshake extensions, IReadOnlyList<PieceIndex> allowedFast)
    {
        var (have, haveCount) = (begin.Have, begin.HaveCount);
        var hasFast = HasNegotiated(PeerCapabilities.Fast);
        Uploads.CanReject = hasFast;
        if (hasFast && haveCount == 0)
            Send(PeerMessage.HaveNone);
        else if (hasFast && haveCount == PieceCount)
            Send(PeerMessage.HaveAll);
        else if (haveCount > 0)
            Send(PeerMessage.Bitfield(have));
        if (HasNegotiated(PeerCapabilities.Extended))
            Send(PeerMessage.Extended(ExtensionHandshake.Id, extensions.Encode()));
        if (HasNegotiated(PeerCapabilities.Dht))
            Send(PeerMessage.DhtPort((ushort)_environment.DhtPort));
        if (hasFast && haveCount > 0)
        {
            var ours = Bitfield.FromBytes(have.Span, PieceCount);
            var allowed = allowedFast.Where(piece => ours[piece]).ToArray();
            Uploads.AllowFast(allowed);
            _connection.Tell(new PeerConnectionProtocol.Send([.. allowed.Select(PeerMessage.AllowedFast)]));
        }
        Uploads.HasBegun = true;
    }

    /// <summary>The metadata is there. What the peer told of its pieces before is checked now.</summary>
    /// <returns>What it told; null when that was nothing.</returns>
    /// <exception cref="PeerWireException">It does not fit the torrent.</exception>
    public Bitfield? Grow(PeerEnvironment environment)
    {
        var early = Early;
        Early = null;
        Uploads.Leave();
        Uploads = new PeerUploads(environment, _session, _connection, _self) { CanReject = Uploads.CanReject, HasBegun = Uploads.HasBegun };
        _connection.Tell(new PeerConnectionProtocol.UseLimits(environment.Limits));
        PieceCount = environment.Layout.PieceCount;
        if (early is not { IsAny: true })
            return null;
        Pieces = early.Resolve(PieceCount);
        IsPastBitfield = true;
        return Pieces.Clone();
    }

    /// <summary>Sends an extension's message, if the peer takes it.</summary>
    public void Extend(string extension, ReadOnlyMemory<byte> payload)
    {
        if (Extensions?.Extensions.GetValueOrDefault(extension) is > 0 and var id)
            Send(PeerMessage.Extended(id, payload));
    }

    /// <summary>Sends our extension handshake again: something in it has changed.</summary>
    public void Reintroduce(ExtensionHandshake extensions)
    {
        if (HasNegotiated(PeerCapabilities.Extended))
            Send(PeerMessage.Extended(ExtensionHandshake.Id, extensions.Encode()));
    }

    /// <summary>Takes the peer's extension handshake, or what a later one changes.</summary>
    public ExtensionHandshake Learn(ExtensionHandshake handshake)
    {
        Extensions = handshake.Over(Extensions);
        if (Extensions.RequestQueue is { } queue)
        {
            _peerQueue = Math.Max(1, queue);
            _downloads?.LimitTo(_peerQueue);
        }
        if (Metadata is not null)
            Metadata.Id = MetadataId;
        return Extensions;
    }

    /// <summary>Metadata in both directions, from now on.</summary>
    public PeerMetadata MetadataFrom(TimeSpan now) =>
        Metadata ??= new PeerMetadata(_environment.MetadataOptions, _connection, now) { Id = MetadataId };

    /// <summary>Whether the peer has told that it has a piece.</summary>
    public bool Has(PieceIndex piece) => Pieces is not null && Pieces[piece];

    /// <summary>Notes that the peer has a piece; false when that is no news.</summary>
    public bool SetPiece(PieceIndex piece) => (Pieces ??= new Bitfield(PieceCount)).Set(piece);

    /// <summary>Requests blocks that the coordinator assigned.</summary>
    public void Request(RequestBatch batch, TimeSpan now)
    {
        _isWaitingForBlocks = false;
        if (batch.List.Count == 0)
        {
            batch.Recycle();
            return;
        }
        Downloads().Add(batch.List, now);
        _lastSentAt = now;
        _connection.Tell(batch.ToConnection);
    }

    /// <summary>Takes back requests that somebody else has fulfilled.</summary>
    public void Cancel(IReadOnlyList<BlockRequest> blocks)
    {
        var cancels = new List<PeerMessage>(blocks.Count);
        foreach (var block in blocks)
        {
            if (_downloads is not null && _downloads.GiveUp(block))
                cancels.Add(PeerMessage.Cancel(block));
        }
        if (cancels.Count > 0)
            _connection.Tell(new PeerConnectionProtocol.Send(cancels));
    }

    /// <summary>Books a block; false when it was never asked for. One that is late passes: storage knows whether it helps.</summary>
    public bool BlockArrived(BlockRequest block, TimeSpan now)
    {
        if (_downloads is null || !_downloads.Arrived(block, now))
        {
            Wasted += block.Length;
            _hasMoved = true;
            return false;
        }
        _refusalPause = TimeSpan.Zero;
        _hasMoved = true;
        _downloaded += block.Length;
        return true;
    }

    /// <summary>The peer gives a piece even while it chokes us (BEP 6); false when that is no news, or it has named enough.</summary>
    public bool AllowsFast(PieceIndex piece) => (_allowedFast ??= []).Count < MaxAllowedFast && _allowedFast.Add(piece);

    /// <summary>The peer choked us: what it owed will not come.</summary>
    public void Choked()
    {
        IsChokingUs = true;
        _isWaitingForBlocks = false;
        _downloads?.Choked();
    }

    /// <summary>
    /// Books a reject; false when nothing of the kind is owed. Who refuses what it was asked for will hardly give it at once: it is left
    /// alone for a while, twice as long each time as long as no block comes, or the two sides would ask and refuse as fast as they can.
    /// </summary>
    public bool Rejected(BlockRequest block, TimeSpan now)
    {
        if (_downloads is null || !_downloads.Rejected(block))
            return false;
        if (now < _refusedUntil)
            return true;
        _refusalPause = _refusalPause == TimeSpan.Zero ? _environment.Options.Tick : _refusalPause * 2;
        if (_refusalPause > _environment.Options.SnubTimeout)
            _refusalPause = _environment.Options.SnubTimeout;
        _refusedUntil = now + _refusalPause;
        return true;
    }

    /// <summary>Books a reject of what was given up, as follows a choke (BEP 6); false when nothing of the kind was asked for.</summary>
    public bool RejectedLate(BlockRequest block) => _downloads is not null && _downloads.RejectedLate(block);

    /// <summary>Says whether we want its data, if that is news to the peer.</summary>
    public void SetInterest(bool isInterested)
    {
        if (AreWeInterested == isInterested)
            return;
        AreWeInterested = isInterested;
        Send(isInterested ? PeerMessage.Interested : PeerMessage.NotInterested);
    }

    /// <summary>Chokes or unchokes the peer.</summary>
    public void SetChoke(bool isChoking)
    {
        if (Uploads.IsChoking == isChoking)
            return;
        Send(isChoking ? PeerMessage.Choke : PeerMessage.Unchoke);
        Uploads.SetChoke(isChoking);
    }

    /// <summary>Tells the peer of pieces that we got, and that we want no more when these are the last.</summary>
    public void WeGot(IReadOnlyList<PieceIndex> pieces, bool areLast)
    {
        if (!Uploads.HasBegun)
            return;
        _connection.Tell(new PeerConnectionProtocol.SendHaves(pieces));
        if (areLast)
            SetUploadOnly(true);
    }

    /// <summary>Says that we want nothing any more, or something again (BEP 21).</summary>
    public void SetUploadOnly(bool isUploadOnly)
    {
        if (Uploads.HasBegun && HasNegotiated(PeerCapabilities.Extended))
            Send(PeerMessage.Extended(ExtensionHandshake.Id, new ExtensionHandshake { IsUploadOnly = isUploadOnly }.Encode()));
    }

    /// <summary>Takes back pieces that the peer was told of, if it understands that (BEP 54).</summary>
    public void WeLost(IReadOnlyList<PieceIndex> pieces)
    {
        if (!Uploads.HasBegun || Extensions?.Extensions.GetValueOrDefault(DontHave.Name) is not (> 0 and var id))
            return;
        _connection.Tell(new PeerConnectionProtocol.Send([.. pieces.Select(piece => PeerMessage.Extended(id, DontHave.Encode(piece)))]));
    }

    /// <summary>
    /// The question to the coordinator for blocks that there is room for now; null while an earlier question is open, while choked, or while
    /// what is missing is too little for a batch.
    /// </summary>
    public PeerProtocol.WantBlocks? Want(TimeSpan now)
    {
        if ((IsChokingUs && _allowedFast is not { Count: > 0 }) || !AreWeInterested || _isWaitingForBlocks || now < _refusedUntil)
            return null;
        var room = Downloads().Room(now);
        if (room <= 0)
            return null;
        _isWaitingForBlocks = true;
        var place = room < WantStep ? room : WantStep - 1 + (room / WantStep);
        _wants ??= new PeerProtocol.WantBlocks?[WantStep + (_environment.Options.MaxPipeline / WantStep)];
        return _wants[place] ??= new PeerProtocol.WantBlocks(_session, room < WantStep ? room : room - (room % WantStep));
    }

    /// <summary>Blocks owed for longer than the snub timeout while none came; they count as given up from here on.</summary>
    public IReadOnlyList<BlockRequest>? OverdueBlocks(TimeSpan now)
    {
        if (_downloads?.TakeOverdue(now) is not { } overdue)
            return null;
        _isWaitingForBlocks = false;
        return overdue;
    }

    /// <summary>Marks the peer as snubbing; false when it was already.</summary>
    public bool BecomeSnubbed() => Downloads().BecomeSnubbed();

    /// <summary>Counts messages without use against an allowance that time restores; false when it is spent.</summary>
    public bool Forgive(double weight)
    {
        Forget(HeardAt);
        _useless += weight;
        return _useless <= _environment.Options.UselessMessagesPerMinute;
    }

    /// <summary>Restores the allowance and keeps the connection alive.</summary>
    public void Tick(TimeSpan now)
    {
        Forget(now);
        if (now - _lastSentAt > _environment.Options.KeepAlive)
        {
            _lastSentAt = now;
            Send(PeerMessage.KeepAlive);
        }
    }

    /// <summary>When a sign of life from us is due, if nothing is sent before.</summary>
    public TimeSpan KeepAliveAt => _lastSentAt + _environment.Options.KeepAlive;

    private void Forget(TimeSpan now)
    {
        _useless = Math.Max(0, _useless - ((now - _forgivenAt).TotalMinutes * _environment.Options.UselessMessagesPerMinute));
        _forgivenAt = now;
    }

    /// <summary>A report of what moved, when anything did since the last one or a rate has not come to rest.</summary>
    public PeerProtocol.Progress? TakeProgress(TimeSpan now)
    {
        var download = _downloads?.Rate(now) ?? 0;
        var upload = Uploads.Rate(now);
        if (!_hasMoved && !Uploads.TakeHasMoved() && download < 1 && upload < 1)
            return null;
        _hasMoved = false;
        return new PeerProtocol.Progress(_session, _downloaded, Uploads.Uploaded, Wasted, download, upload);
    }

    private byte MetadataId => Extensions?.Extensions.GetValueOrDefault(MetadataMessage.Name) ?? 0;

    private PeerDownloads Downloads() => _downloads ??= new PeerDownloads(_environment.Options, _peerQueue);

    private void Send(PeerMessage message) => _connection.Tell(new PeerConnectionProtocol.Send([message]));
}
