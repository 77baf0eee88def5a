"""Resources: rooms, equipment and crews, whose units sessions take."""
