namespace Planton.Server.Authorization;

internal static class CallerKind
{
    public const string User = "user";
    public const string ServiceAccount = "service-account";
}
