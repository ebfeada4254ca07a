namespace ActorTorrent.Service.Options;

/// <summary>Who may use the service.</summary>
public sealed record AccessSettings
{
    /// <summary>The user's name; null when there is no user.</summary>
    public string? User { get; init; }

    /// <summary>The hash of the user's password.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The hash of a token that is as good as the password; null when there is none.</summary>
    public string? TokenHash { get; init; }

    /// <summary>
    /// Names that requests may call this host by, besides <c>localhost</c> and addresses; a leading <c>*.</c> stands for any name below. It
    /// keeps web pages from steering the service through a name of their own (DNS rebinding).
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether torrent files and blocklists are fetched from this host itself, too, when a caller names such an address.</summary>
    public bool FetchesFromHost { get; init; }

    /// <summary>The longest request body, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 64L << 20;

    /// <summary>Failed logins of one address within <see cref="FailedLoginWindow"/> after which it is refused.</summary>
    public int FailedLogins { get; init; } = 10;

    /// <summary>How long a failed login is remembered.</summary>
    public TimeSpan FailedLoginWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a caller has to say who it is.</summary>
    public bool IsRequired => (User is not null && PasswordHash is not null) || TokenHash is not null;
}
