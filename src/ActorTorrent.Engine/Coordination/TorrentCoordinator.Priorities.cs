using ActorTorrent.Engine.Peers;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using Akka.Actor;
using Akka.Event;

namespace ActorTorrent.Engine.Coordination;

/// <content>Which files are wanted and how much, changeable at any time.</content>
internal sealed partial class TorrentCoordinator
{
    private FilePriorities _priorities;
    private long _bytesWanted;

    private FilePriorities NewPriorities()
    {
        var priorities = new FilePriorities(_layout) { IsFirstAndLastFirst = _spec.IsFirstAndLastFirst };
        foreach (var (file, priority) in _spec.Priorities)
        {
            if (HasMetadata && (uint)file < (uint)_layout.Files.Count)
                priorities[file] = priority;
        }
        var wanted = WantedFiles();
        for (var file = 0; wanted is not null && file < _layout.Files.Count; file++)
        {
            if (!wanted.Contains(file))
                priorities[file] = FilePriority.Skip;
        }
        return priorities;
    }

    /// <summary>The files that the user or the magnet link (BEP 53) asks for; null for all.</summary>
    private IReadOnlySet<int>? WantedFiles()
    {
        if (!HasMetadata)
            return null;
        if (_spec.WantedFiles is { } wanted)
            return wanted.Where(file => (uint)file < (uint)_layout.Files.Count).ToHashSet();
        return _spec.Magnet is { Selection.Count: > 0 } magnet
            ? Enumerable.Range(0, _layout.Files.Count).Where(magnet.IsSelected).ToHashSet()
            : null;
    }

    /// <summary>What an earlier run was told of the files, if that is to hold.</summary>
    private void TakeUpPriorities(ReadOnlySpan<byte> saved)
    {
        if (!_spec.KeepsSavedPriorities || !_priorities.Load(saved))
            return;
        _storage.Tell(new StorageProtocol.SelectFiles(_priorities.Wanted()));
        RankPieces();
    }

    private void ReceivePriorities()
    {
        Receive<CoordinatorProtocol.SetFilePriorities>(OnSetFilePriorities);
        Receive<CoordinatorProtocol.SetDeadline>(set =>
        {
            if ((uint)set.Piece.Value >= (uint)_layout.PieceCount)
                return;
            if (set.In is { } time)
                _picker.SetDeadline(set.Piece, Now + time);
            else
                _picker.ClearDeadline(set.Piece);
            FeedHungry();
        });
    }

    private void OnSetFilePriorities(CoordinatorProtocol.SetFilePriorities set)
    {
        var before = _priorities.Wanted();
        var wasComplete = IsComplete;
        foreach (var (file, priority) in set.Files)
        {
            if ((uint)file < (uint)_layout.Files.Count)
                _priorities[file] = priority;
            else
                _log.Warning("{0} has no file {1} to give a priority", InfoHash, file);
        }
        _priorities.IsFirstAndLastFirst = set.IsFirstAndLastFirst ?? _priorities.IsFirstAndLastFirst;
        var wanted = _priorities.Wanted();
        // Before the picker hands out blocks of files that storage does not know to be wanted.
        if (!wanted.SetEquals(before))
            _storage.Tell(new StorageProtocol.SelectFiles(wanted));
        _cancels.Clear();
        RankPieces();
        DiscardPieces();
        SendCancels();
        if (!IsComplete)
            _isCompleteTold = false;
        foreach (var peer in _sessions.Values)
            UpdateInterest(peer);
        SettlePhase();
        if (wasComplete == IsComplete || !_isActive)
            return;
        TellNeed();
        foreach (var peer in _sessions.Values.Where(peer => peer.State == PeerState.Running))
            peer.Actor.Tell(new PeerProtocol.SetUploadOnly(IsComplete));
        if (IsComplete)
            return;
        // While nothing was wanted, seeds were let go.
        _directory.Revive();
        DialMore();
    }

    private void RankPieces()
    {
        var ranks = _priorities.Ranks();
        _picker.SetRanks(piece => ranks[piece.Value], _cancels);
        _bytesWanted = 0;
        for (var piece = 0; piece < ranks.Length; piece++)
        {
            if (ranks[piece] != PieceRank.Skip)
                _bytesWanted += _layout.PieceSize(new PieceIndex(piece));
        }
    }
}
