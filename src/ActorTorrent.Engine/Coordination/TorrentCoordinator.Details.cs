using ActorTorrent.Engine.Storage;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <content>What is told of files, trackers and pieces, and the files' bytes for readers that do not wait for the end.</content>
internal sealed partial class TorrentCoordinator
{
    // A reader asks for one range at a time, so this bounds readers.
    private const int MaxReads = 256;

    private readonly Dictionary<Uri, TrackerStatus> _trackerStatus = [];
    private readonly Dictionary<object, (BlockRequest Range, IActorRef ReplyTo)> _reads = [];
    private readonly List<object> _served = [];

    private void ReceiveDetails()
    {
        Receive<CoordinatorProtocol.GetFiles>(_ => Sender.Tell(new CoordinatorProtocol.FileList(ListFiles())));
        Receive<CoordinatorProtocol.GetTrackers>(_ => Sender.Tell(new CoordinatorProtocol.TrackerList(ListTrackers())));
        Receive<CoordinatorProtocol.GetPieces>(_ => Sender.Tell(MapPieces()));
        Receive<CoordinatorProtocol.GetContent>(get => Sender.Tell(
            !HasMetadata ? new CoordinatorProtocol.ContentRefused("The metadata is not there yet.")
            : (uint)get.File < (uint)_layout.Files.Count ? new CoordinatorProtocol.Content(_layout, _layout.Files[get.File])
            : new CoordinatorProtocol.ContentRefused($"There is no file {get.File}.")));
        Receive<CoordinatorProtocol.ReadContent>(OnReadContent);
        Receive<CoordinatorProtocol.CloseContent>(close => _reads.Remove(close.Reader));
    }

    private void OnReadContent(CoordinatorProtocol.ReadContent read)
    {
        _reads.Remove(read.Reader);
        var piece = read.Range.Piece;
        if (_phase == TorrentPhase.Stopping || (uint)piece.Value >= (uint)_layout.PieceCount)
            Sender.Tell(new CoordinatorProtocol.ContentRefused("The torrent is not there any more."));
        else if (_picker.Have[piece])
            _storage.Tell(new StorageProtocol.ReadBlock(read.Range, Sender));
        else if (!_picker.IsWanted(piece) && _isTakenUp)
            Sender.Tell(new CoordinatorProtocol.ContentRefused("The file is not among those that are wanted."));
        else if (_reads.Count >= MaxReads)
            Sender.Tell(new CoordinatorProtocol.ContentRefused("Too many readers wait for this torrent."));
        else
            _reads.Add(read.Reader, (read.Range, Sender));
    }

    private void ServeReads(PieceIndex piece)
    {
        if (_reads.Count == 0)
            return;
        foreach (var (reader, (range, replyTo)) in _reads)
        {
            if (range.Piece != piece)
                continue;
            _storage.Tell(new StorageProtocol.ReadBlock(range, replyTo));
            _served.Add(reader);
        }
        foreach (var reader in _served)
            _reads.Remove(reader);
        _served.Clear();
    }

    private void ServeReads()
    {
        foreach (var piece in _reads.Values.Select(read => read.Range.Piece).Distinct().ToArray())
        {
            if (_picker.Have[piece])
                ServeReads(piece);
        }
    }

    private void RefuseReads()
    {
        foreach (var (_, replyTo) in _reads.Values)
            replyTo.Tell(new CoordinatorProtocol.ContentRefused("The torrent is not there any more."));
        _reads.Clear();
    }

    private FileStatus[] ListFiles() => !HasMetadata ? [] :
        [.. _layout.Files.Where(file => !file.IsPadding).Select(file => new FileStatus(file.Index, file.Path, file.Length, _priorities[file.Index], BytesVerified(file)))];

    private long BytesVerified(TorrentFileEntry file)
    {
        if (_layout.PiecesOf(file.Index) is not { } pieces)
            return 0;
        var bytes = 0L;
        for (var index = pieces.First.Value; index <= pieces.Last.Value; index++)
        {
            var piece = new PieceIndex(index);
            if (!_picker.Have[piece])
                continue;
            var from = _layout.PieceOffset(piece);
            bytes += Math.Min(from + _layout.PieceSize(piece), file.Offset + file.Length) - Math.Max(from, file.Offset);
        }
        return bytes;
    }

    private TrackerStatus[] ListTrackers() =>
        [.. _trackers.SelectMany((tier, number) => tier.Select(tracker => _trackerStatus.GetValueOrDefault(tracker, new TrackerStatus(number, tracker)) with
        {
            Tier = number,
            IsSkipped = !TrackerClients.CanAsk(tracker),
            Swarm = _swarm.GetValueOrDefault(tracker),
        }))];

    private void NoteTracker(Uri tracker, Func<TrackerStatus, TrackerStatus> change) =>
        _trackerStatus[tracker] = change(_trackerStatus.GetValueOrDefault(tracker, new TrackerStatus(0, tracker)));

    private PieceMap MapPieces()
    {
        var states = new PieceState[HasMetadata ? _layout.PieceCount : 0];
        var availability = new byte[states.Length];
        for (var index = 0; index < states.Length; index++)
        {
            var piece = new PieceIndex(index);
            states[index] = _picker.Have[piece] ? PieceState.Verified
                : _picker.IsOpen(piece) ? PieceState.UnderWay
                : _picker.IsWanted(piece) ? PieceState.Missing
                : PieceState.Skipped;
            availability[index] = (byte)Math.Min(byte.MaxValue, _picker.Availability(piece));
        }
        return new PieceMap(_layout.PieceLength, states, availability) { UnverifiedBytes = HasMetadata ? _picker.UnverifiedBytes : 0 };
    }
}
