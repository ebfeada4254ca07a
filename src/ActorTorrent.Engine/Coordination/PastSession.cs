using System.Net;

namespace ActorTorrent.Engine.Coordination;

/// <summary>A connection that is over: whom it was to, and what is booked of it. Its last report may come after its end.</summary>
internal sealed class PastSession(IPEndPoint endPoint, long uploaded, long wasted)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    public long Uploaded { get; set; } = uploaded;

    public long Wasted { get; set; } = wasted;
}
