using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine;

/// <summary>
/// Reads a file of a torrent while it downloads. Pieces that are read next are fetched first, each by a deadline; a read waits until its
/// piece is verified. For one reader at a time; disposing it gives its deadlines back.
/// </summary>
public sealed class ContentReader : IDisposable
{
    private const int ReadAtOnce = 256 << 10;
    private const int BytesAhead = 8 << 20;
    private const int FewestAhead = 2;
    private const int MostAhead = 32;
    private const int Retries = 20;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PieceTime = TimeSpan.FromMilliseconds(250);

    private readonly IActorRef _coordinator;
    private readonly FileLayout _layout;
    private readonly TorrentFileEntry _file;
    private readonly object _self = new();
    private readonly int _ahead;
    private int _from = -1;
    private int _urgent = -1;
    private bool _isDisposed;

    internal ContentReader(IActorRef coordinator, FileLayout layout, TorrentFileEntry file)
    {
        _coordinator = coordinator;
        _layout = layout;
        _file = file;
        _ahead = Math.Clamp(BytesAhead / layout.PieceLength, FewestAhead, MostAhead);
    }

    /// <summary>The file's path in the torrent.</summary>
    public string Path => _file.Path;

    /// <summary>The file's size in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Reads bytes, as soon as they are verified.</summary>
    /// <param name="offset">Where in the file, from 0.</param>
    /// <param name="most">How many at most, at least 1.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>At least one byte; the caller disposes it.</returns>
    /// <exception cref="EngineRefusalException">They will never be there: the file is not wanted, or the torrent is gone.</exception>
    /// <exception cref="IOException">The disk fails.</exception>
    public async Task<ReadBuffer> ReadAsync(long offset, long most, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var at = _file.Offset + offset;
        var piece = new PieceIndex((int)(at / _layout.PieceLength));
        var inPiece = (int)(at - _layout.PieceOffset(piece));
        var length = (int)Math.Min(Math.Min(most, ReadAtOnce), Math.Min(_layout.PieceSize(piece) - inPiece, Length - offset));
        var range = new BlockRequest(piece, inPiece, length);
        Hurry(piece);
        for (var tries = 0; ;)
        {
            object answer;
            try
            {
                answer = await _coordinator.Ask<object>(new CoordinatorProtocol.ReadContent(_self, range), AskAgain, stop).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                // Not there yet; whoever gave up deadlines meanwhile may have given up ours.
                _from = -1;
                Hurry(piece);
                continue;
            }
            switch (answer)
            {
                case StorageProtocol.BlockRead read:
                    return read.Buffer;
                case CoordinatorProtocol.ContentRefused refused:
                    throw new EngineRefusalException(refused.Reason);
                case StorageProtocol.BlockUnreadable when ++tries == Retries:
                    throw new IOException($"{_file.Path} cannot be read at {offset}.");
                default:
                    await Task.Delay(RetryDelay, stop).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Gives the deadlines back; what is being read is not answered any more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _coordinator.Tell(new CoordinatorProtocol.CloseContent(_self), ActorRefs.NoSender);
        for (var piece = Math.Max(_from, 0); piece <= _urgent; piece++)
            _coordinator.Tell(new CoordinatorProtocol.SetDeadline(new PieceIndex(piece), In: null), ActorRefs.NoSender);
    }

    /// <summary>Sets the deadlines of this piece and those that follow, unless that was done.</summary>
    private void Hurry(PieceIndex piece)
    {
        if (piece.Value == _from)
            return;
        _from = piece.Value;
        var end = Math.Min(_layout.PiecesOf(_file.Index)!.Value.Last.Value, piece.Value + _ahead);
        for (var next = piece.Value; next <= end; next++)
            _coordinator.Tell(new CoordinatorProtocol.SetDeadline(new PieceIndex(next), (next - piece.Value) * PieceTime), ActorRefs.NoSender);
        _urgent = end;
    }
}
