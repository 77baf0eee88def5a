"""What a User-Agent says of a device, as people call it."""

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iOS",
    "iPad": "iPadOS",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
"""Both in the order in which they are looked for: many browsers call themselves Chrome and Safari too."""
LONGEST = 60


def device_of(user_agent: str | None) -> str | None:
    """`Chrome on macOS`; of other programs the first word, such as `curl/8.5`; None without any."""
    if not user_agent or not user_agent.isprintable():
        return None
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent.split()[0][:LONGEST]
