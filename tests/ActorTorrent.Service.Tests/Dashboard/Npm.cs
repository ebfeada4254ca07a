using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Service.Tests.Dashboard;

/// <summary>Packages of npm that a test needs, kept beside what the tests leave behind.</summary>
internal static class Npm
{
    /// <summary>Installs a package of one version, unless that was done.</summary>
    /// <returns>Its folder.</returns>
    public static async Task<string> InstallAsync(Stage stage, string package, string version)
    {
        var home = Directory.CreateDirectory(Path.Combine(Chromium.Artifacts, "npm", $"{package}-{version}")).FullName;
        var folder = Path.Combine(home, "node_modules", package);
        if (File.Exists(Path.Combine(home, "done")))
            return folder;
        var npm = stage.Start("npm", "npm", ["install", "--prefix", home, "--no-audit", "--no-fund", "--no-save", $"{package}@{version}"]);
        if (await npm.Exit(stage.Deadline) != 0)
            throw new InvalidOperationException($"npm could not install {package}@{version}:\n{npm.Everything()}");
        await File.WriteAllTextAsync(Path.Combine(home, "done"), "");
        return folder;
    }
}
