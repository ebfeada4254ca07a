namespace ActorTorrent.Engine.Trackers;

/// <summary>Why an announce failed.</summary>
public enum TrackerErrorKind
{
    /// <summary>The tracker's name has no address.</summary>
    Dns,

    /// <summary>The tracker's host refused the connection.</summary>
    Refused,

    /// <summary>The tracker's host cannot be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>The announce was not over in time.</summary>
    Timeout,

    /// <summary>The TLS handshake failed or the certificate is not trusted.</summary>
    Tls,

    /// <summary>The tracker answered with a status other than success.</summary>
    HttpStatus,

    /// <summary>The answer is longer than the limit.</summary>
    BodyTooLarge,

    /// <summary>The answer is not what an announce is answered with.</summary>
    Malformed,

    /// <summary>The tracker said no, with a reason.</summary>
    FailureReason,

    /// <summary>The tracker redirected too often, in a circle, or to where it must not.</summary>
    RedirectRefused,

    /// <summary>The tracker's URL is of a kind that offers no scrape (BEP 48).</summary>
    NoScrape,

    /// <summary>Something of ours broke; the log has the exception.</summary>
    Internal,
}
