using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Peers;
using Akka.Actor;

namespace ActorTorrent.Benchmarks.Micro;

/// <summary>Stands where the coordinator stands, above one peer: answers each want with the next blocks of an endless round.</summary>
internal sealed class BlockSource(PeerEnvironment environment, AcceptedConnection connection) : UntypedActor
{
    private const int Session = 1;

    private IActorRef _peer = ActorRefs.Nobody;
    private int _block;

    protected override void PreStart()
    {
        _peer = Context.ActorOf(PeerActor.Props(environment, (IPEndPoint)connection.Socket.RemoteEndPoint!, PeerDirection.Incoming), "peer");
        _peer.Tell(new PeerProtocol.Accept(Session, connection));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeerProtocol.Established:
                _peer.Tell(new PeerProtocol.Begin(Session, ReadOnlyMemory<byte>.Empty, 0, IsUploadOnly: false));
                _peer.Tell(new PeerProtocol.SetInterest(Session, IsInterested: true));
                break;
            case PeerProtocol.WantBlocks want:
                var batch = environment.Requests.Rent(Session);
                for (var i = 0; i < want.Count; i++)
                    batch.List.Add(PieceMessages.Block(_block++ % (environment.Layout.PieceCount * 64)));
                _peer.Tell(batch.ToPeer);
                break;
            default:
                break;
        }
    }
}
