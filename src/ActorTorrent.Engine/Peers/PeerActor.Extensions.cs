using ActorTorrent.Engine.Faults;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <content>The extension protocol (BEP 10): introductions, metadata (BEP 9) and peers of peers (BEP 11).</content>
internal sealed partial class PeerActor
{
    /// <summary>What we tell of ourselves by the extension protocol (BEP 10, BEP 21).</summary>
    private ExtensionHandshake Introduction()
    {
        var extensions = new Dictionary<string, byte>(StringComparer.Ordinal) { [DontHave.Name] = DontHaveId };
        if (!_environment.IsPrivate)
            extensions[MetadataMessage.Name] = MetadataId;
        if (_environment.DoesPex)
            extensions[PexMessage.Name] = PexId;
        return new ExtensionHandshake
        {
            Extensions = extensions,
            Client = PeerClient.Describe(_environment.OwnId),
            ListenPort = _environment.ListenPort is > 0 and var port ? port : null,
            RequestQueue = _environment.Options.MaxQueuedRequests,
            YourIp = _endPoint.Address,
            MetadataSize = Served?.Length,
        };
    }

    /// <summary>The metadata that others may have of us; a private torrent's is for those who have it already.</summary>
    private ReadOnlyMemory<byte>? Served => _environment.IsPrivate ? null : _environment.Metadata;

    /// <summary>The metadata is there: what the peer told of its pieces means something from now on.</summary>
    private void OnMetadataKnown(PeerEnvironment environment)
    {
        _environment = environment;
        _limits = environment.Limits;
        var link = _link!;
        if (link.Early is not { } early)
            return;
        try
        {
            if (link.Grow(environment) is { } pieces)
                Context.Parent.Tell(new PeerProtocol.PeerHas(_session, pieces));
        }
        catch (PeerWireException e)
        {
            throw Fault(FaultPhase.Wire, PeerReceiver.CauseOf(e.Error), e.Message);
        }
        foreach (var piece in early.AllowedFast(environment.Layout.PieceCount))
        {
            if (link.AllowsFast(piece))
                Context.Parent.Tell(new PeerProtocol.AllowsFast(_session, piece));
        }
        if (!link.Uploads.HasBegun)
            return;
        var extensions = Introduction();
        // One that was offered before it was known that the torrent is private is taken back.
        if (environment.IsPrivate)
            extensions = extensions with { Extensions = new Dictionary<string, byte>(extensions.Extensions, StringComparer.Ordinal) { [MetadataMessage.Name] = 0, [PexMessage.Name] = 0 } };
        link.Reintroduce(extensions);
    }

    /// <summary>While it is not known how many pieces there are: what the peer has is noted, what it wants is refused.</summary>
    private void OnReceivedEarly(PeerLink link, EarlyPieces early, InboundBatch batch)
    {
        foreach (ref readonly var message in batch.Messages)
        {
            switch (message.Kind)
            {
                case PeerMessageKind.HaveAll or PeerMessageKind.HaveNone or PeerMessageKind.AllowedFast:
                    Require(link, PeerCapabilities.Fast, message);
                    Count(link, !early.Take(message) && message.Kind != PeerMessageKind.HaveNone);
                    break;
                case PeerMessageKind.Bitfield or PeerMessageKind.Have:
                    try
                    {
                        Count(link, !early.Take(message));
                    }
                    catch (PeerWireException e)
                    {
                        throw Fault(FaultPhase.Wire, PeerReceiver.CauseOf(e.Error), e.Message);
                    }
                    break;
                case PeerMessageKind.Request:
                    Count(link, isUseless: true);
                    link.Uploads.Refuse(message.AsBlockRequest);
                    break;
                case PeerMessageKind.Piece or PeerMessageKind.Reject or PeerMessageKind.Cancel or PeerMessageKind.Suggest:
                    Count(link, isUseless: true);
                    break;
                default:
                    OnControl(link, message);
                    break;
            }
        }
    }

    /// <summary>Holds messages that were framed before it was known how many pieces there are against what is known now.</summary>
    private void CheckAgain(InboundBatch batch)
    {
        foreach (ref readonly var message in batch.Messages)
        {
            var bytes = new byte[PeerMessageWriter.GetLength(message)];
            PeerMessageWriter.Write(bytes, message);
            try
            {
                PeerMessageReader.TryRead(bytes, _limits, out _, out _, out _);
            }
            catch (PeerWireException e)
            {
                throw Fault(FaultPhase.Wire, PeerReceiver.CauseOf(e.Error), e.Message);
            }
        }
    }

    private void OnExtended(PeerLink link, in PeerMessage message)
    {
        try
        {
            switch (message.ExtendedId)
            {
                case ExtensionHandshake.Id:
                    Count(link, isUseless: link.Extensions is not null);
                    Context.Parent.Tell(new PeerProtocol.Introduced(_session, link.Learn(ExtensionHandshake.Parse(message.Payload))));
                    break;
                case DontHaveId:
                    var piece = DontHave.Parse(message.Payload.Span, link.Early is null ? _environment.Layout.PieceCount : int.MaxValue);
                    // To tell and take back for ever leads nowhere.
                    Count(link, isUseless: true);
                    if (link.Early is { } early)
                        early.Clear(piece);
                    else if (link.Pieces?.Clear(piece) == true)
                        Context.Parent.Tell(new PeerProtocol.PeerLost(_session, piece));
                    break;
                case MetadataId when !_environment.IsPrivate:
                    OnMetadata(link, MetadataMessage.Parse(message.Payload));
                    break;
                case PexId when _environment.DoesPex:
                    OnPex(link, PexMessage.Parse(message.Payload));
                    break;
                default:
                    Count(link, isUseless: true);
                    break;
            }
        }
        catch (PeerWireException e)
        {
            var evidence = message.Payload[..Math.Min(message.Payload.Length, 64)].ToArray();
            throw Fault(FaultPhase.Wire, PeerReceiver.CauseOf(e.Error), e.Message, evidence);
        }
    }

    private void OnMetadata(PeerLink link, MetadataMessage message)
    {
        switch (message.Kind)
        {
            case MetadataMessageKind.Request:
                var served = Served;
                var isOutside = served is { } metadata && message.Piece >= MetadataMessage.PieceCount(metadata.Length);
                if (!link.MetadataFrom(Now).Serve(message.Piece, served, Now))
                    Count(link, isUseless: true, weight: isOutside ? 10 : 1);
                break;
            case MetadataMessageKind.Data:
                OnMetadataPiece(link, message);
                break;
            case MetadataMessageKind.Reject:
                if (link.Metadata?.TryEnd(message.Piece) == true)
                    Context.Parent.Tell(new PeerProtocol.MetadataRejected(_session, message.Piece));
                else
                    Count(link, isUseless: true);
                break;
            default:
                Count(link, isUseless: true);
                break;
        }
    }

    private void OnMetadataPiece(PeerLink link, MetadataMessage message)
    {
        var size = link.Extensions?.MetadataSize ?? 0;
        if (message.Piece >= MetadataMessage.PieceCount(Math.Max(0, Math.Min(size, _environment.MetadataOptions.MaxBytes))))
            throw Fault(FaultPhase.Wire, FaultCause.IndexOutOfRange, $"piece {message.Piece} of metadata of {size} bytes");
        if (link.Metadata?.TryEnd(message.Piece) != true)
            throw Fault(FaultPhase.Wire, FaultCause.UnexpectedMessage, $"piece {message.Piece} of the metadata, which was not asked for");
        if (message.TotalSize != size)
            throw Fault(FaultPhase.Wire, FaultCause.MetadataSize, $"metadata of {message.TotalSize} bytes, after it claimed {size}");
        if (message.Data.Length != MetadataMessage.PieceSize(size, message.Piece))
            throw Fault(FaultPhase.Wire, FaultCause.MalformedMessage, $"piece {message.Piece} of metadata of {size} bytes with {message.Data.Length} bytes");
        // Late ones, of which others brought the same, help nobody.
        if (!_environment.KnowsPieces)
            Context.Parent.Tell(new PeerProtocol.MetadataPiece(_session, message.Piece, message.Data.ToArray()));
    }

    private void OnPex(PeerLink link, PexMessage message)
    {
        if (!(link.Pex ??= new PexGate(_environment.Pex, Now)).TryPass(Now))
            throw Fault(FaultPhase.Wire, FaultCause.Flood, "PEX messages faster than one in the interval");
        if (message.Added.Count > 0)
            Context.Parent.Tell(new PeerProtocol.PeersTold(_session, [.. message.Added.Select(static peer => peer.EndPoint)]));
    }
}
