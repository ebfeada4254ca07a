using System.Net;

namespace ActorTorrent.Wire.Trackers;

/// <summary>An announce as an HTTP tracker receives it.</summary>
/// <param name="Request">What the client told.</param>
/// <param name="Compact">Whether it takes compact peers (BEP 23).</param>
/// <param name="NoPeerId">Whether it can do without peer ids.</param>
/// <param name="Ip">The address it says it has, if it says so; a tracker need not believe it.</param>
public sealed record AnnounceQuery(AnnounceRequest Request, bool Compact, bool NoPeerId, IPAddress? Ip);
