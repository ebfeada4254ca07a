namespace ActorTorrent.Engine.Coordination;

/// <content>Whom to upload to.</content>
internal sealed partial class TorrentCoordinator
{
    private readonly List<ChokerPeer> _chokerPeers = [];
    private readonly List<int> _unchoked = [];

    private bool HasFreeSlot => _sessions.Values.Count(p => !p.AreWeChoking && p.IsInterested) < _engine.Options.Torrent.UploadSlots;

    private Choker NewChoker() => new(
        new ChokerOptions
        {
            Slots = _engine.Options.Torrent.UploadSlots,
            OptimisticPeriod = _engine.Options.Torrent.OptimisticUnchoke,
        }.Validated(),
        _random);

    private void Choke()
    {
        _chokerPeers.Clear();
        _unchoked.Clear();
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running)
            {
                _chokerPeers.Add(new ChokerPeer(
                    peer.Session, peer.IsInterested, (long)peer.DownloadRate, (long)peer.UploadRate, peer.IsSnubbing, !peer.AreWeChoking, peer.RunningSince));
            }
        }
        _choker.Decide(Now, _chokerPeers, _picker.IsComplete, _unchoked);
        foreach (var peer in _sessions.Values)
        {
            if (peer.State == PeerState.Running)
                SetChoke(peer, !_unchoked.Contains(peer.Session));
        }
    }
}
