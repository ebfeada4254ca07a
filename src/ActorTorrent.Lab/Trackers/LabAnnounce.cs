using System.Net;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Lab.Trackers;

/// <summary>An announce that a lab tracker received.</summary>
/// <param name="Query">What the client told.</param>
/// <param name="EndPoint">Where the client listens, as the tracker books it.</param>
/// <param name="UserAgent">How the client calls itself.</param>
public sealed record LabAnnounce(AnnounceQuery Query, IPEndPoint EndPoint, string UserAgent);
